"use client";
import type { Route } from "next";
import { type ReactNode, useMemo } from "react";
import { useTranslations } from "use-intl";
import { useEveryRow } from "#components/connectors/every-row.ts";
import { GrantStatus } from "#components/grants/grant-status.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Grant } from "#lib/contract/grants.ts";

const statuses = ["pending", "active", "expired", "revoked"] as const;
const none: readonly Grant[] = [];

/** Grants, all that the person may see or those of one agent; each opens its page, where it is revoked or extended. */
export function GrantsTable({ filter, action }: { filter: { agentId?: string }; action: ReactNode }) {
  const t = useTranslations("access.grant");
  const state = useTableState({ prefix: "grant-", facets: ["status"], sort: "expires" });
  const query = useInfiniteQueryFor("grants.list", { ...filter, limit: 200 });
  const rows = useEveryRow(query) ?? none;
  const columns = useColumns();
  const facets = useMemo(
    () => [
      {
        id: "status",
        label: t("field.status"),
        options: statuses.map((value) => ({ value, label: t(`status.${value}`) })),
      },
    ],
    [t],
  );
  return (
    <DataTable
      label={t("title")}
      state={state}
      mode="client"
      columns={columns}
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => t("heading", { principal: row.principal.name, connector: row.connectorSlug })}
      rowHref={(row) => `/grants/${row.id}` as Route}
      facets={facets}
      loading={query.isPending}
      loadingMore={query.isFetchingNextPage}
      error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
      empty={<EmptyState title={t("emptyTitle")} body={t("emptyBody")} action={action} />}
      exportName="grants"
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
        sortable: true,
        minWidth: 150,
      },
      {
        id: "connector",
        header: t("field.connector"),
        value: (row) => row.connectorSlug,
        cell: (row) => <span className="font-mono">{row.connectorSlug}</span>,
        width: 150,
        sortable: true,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("field.status"),
        value: (row) => row.status,
        cell: (row) => <GrantStatus plain status={row.status} />,
        width: 110,
        sortable: true,
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
        id: "expires",
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
        sortable: true,
        hideOnSmall: true,
      },
    ],
    [t],
  );
}
