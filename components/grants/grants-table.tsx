"use client";
import type { Route } from "next";
import { type ReactNode, useMemo } from "react";
import { useTranslations } from "use-intl";
import { GrantStatus } from "#components/grants/grant-status.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { everyRow, listInput } from "#lib/client/list.ts";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import { type Grant, GrantStatus as Status } from "#lib/contract/grants.ts";

const none: readonly Grant[] = [];

/** Grants, all that the person may see or those of one agent; each opens its page, where it is revoked or extended. */
export function GrantsTable({ filter, action }: { filter: { agentId?: string }; action: ReactNode }) {
  const t = useTranslations("access.grant");
  const state = useTableState({ prefix: "grant-", facets: ["status"], oneEach: true });
  const input = useMemo(() => ({ ...listInput("grants.list", state), ...filter }), [state, filter]);
  const query = useInfiniteQueryFor("grants.list", input);
  const columns = useColumns();
  const facets = useMemo(
    () => [
      {
        id: "status",
        label: t("field.status"),
        options: Status.options.map((value) => ({ value, label: t(`status.${value}`) })),
      },
    ],
    [t],
  );
  return (
    <DataTable
      label={t("title")}
      state={state}
      mode="server"
      columns={columns}
      rows={query.data ?? none}
      rowId={(row) => row.id}
      rowName={(row) => t("heading", { principal: row.principal.name, connector: row.connectorSlug })}
      rowHref={(row) => `/grants/${row.id}` as Route}
      facets={facets}
      loading={query.isPending}
      hasMore={query.hasNextPage}
      onMore={query.fetchNextPage}
      loadingMore={query.isFetchingNextPage}
      error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
      empty={<EmptyState title={t("emptyTitle")} body={t("emptyBody")} action={action} />}
      exportName="grants"
      exportRows={() => everyRow("grants.list", input)}
    />
  );
}

function useColumns(): readonly Column<Grant>[] {
  const t = useTranslations("access.grant");
  return useMemo(
    () => [
      {
        id: "principal",
        header: t("field.principal"),
        value: (row) => row.principal.name,
        cell: (row) => <UntrustedText inline text={row.principal.name} />,
        primary: true,
        minWidth: 150,
      },
      {
        id: "connector",
        header: t("field.connector"),
        value: (row) => row.connectorSlug,
        cell: (row) => <span className="font-mono">{row.connectorSlug}</span>,
        width: 150,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("field.status"),
        value: (row) => row.status,
        cell: (row) => <GrantStatus plain status={row.status} />,
        width: 110,
      },
      {
        id: "scope",
        header: t("field.scope"),
        value: (row) => row.sentences.join(" "),
        cell: (row) => <UntrustedText inline text={row.sentences.join(" ")} />,
        minWidth: 240,
        hideOnSmall: true,
      },
      {
        id: "expiresAt",
        header: t("field.expires"),
        value: (row) => row.expiresAt,
        cell: (row) => <RelativeTime value={row.expiresAt} focusable={false} />,
        width: 130,
        sortable: true,
      },
      {
        id: "calls",
        header: t("field.calls"),
        value: (row) => row.callsLast30Days,
        width: 130,
        align: "end",
        hideOnSmall: true,
      },
    ],
    [t],
  );
}
