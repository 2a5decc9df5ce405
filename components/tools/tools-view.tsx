"use client";
import type { Route } from "next";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { InventoryTabs } from "#components/shell/inventory-tabs.tsx";
import { ToolState } from "#components/tools/tool-state.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { everyRow, listInput } from "#lib/client/list.ts";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import { Effect, type Tool } from "#lib/contract/tools.ts";

const statuses = ["active", "quarantined", "removed"] as const;
const none: readonly Tool[] = [];

/** Tools of all connectors; PostgreSQL searches, so that 100,000 of them are as quick as ten. */
export function ToolsView() {
  const t = useTranslations("inventory");
  const requests = useTranslations("requests");
  const state = useTableState({ facets: ["effect", "status"], oneEach: true });
  const input = useMemo(() => listInput("tools.list", state), [state]);
  const query = useInfiniteQueryFor("tools.list", input);
  const columns = useColumns();
  const facets = useMemo(
    () => [
      {
        id: "effect",
        label: t("field.effect"),
        options: Effect.options.map((value) => ({ value, label: requests(`effect.${value}`) })),
      },
      {
        id: "status",
        label: t("field.status"),
        options: statuses.map((value) => ({ value, label: t(`tool.state.${value}`) })),
      },
    ],
    [t, requests],
  );
  return (
    <>
      <PageHeader title={t("tool.title")} />
      <InventoryTabs />
      <DataTable
        label={t("tool.title")}
        state={state}
        mode="server"
        columns={columns}
        rows={query.data ?? none}
        rowId={(row) => row.id}
        rowName={(row) => `${row.connectorSlug} ${row.name}`}
        rowHref={(row) => `/tools/${row.id}` as Route}
        facets={facets}
        hasMore={query.hasNextPage}
        onMore={query.fetchNextPage}
        loadingMore={query.isFetchingNextPage}
        loading={query.isPending}
        error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
        empty={
          <EmptyState
            title={t("tool.emptyTitle")}
            body={t("tool.emptyBody")}
            action={
              <ButtonLink href={"/requests/new" as Route} variant="primary">
                {t("requestConnector")}
              </ButtonLink>
            }
          />
        }
        exportName="tools"
        exportRows={() => everyRow("tools.list", input)}
      />
    </>
  );
}

function useColumns(): readonly Column<Tool>[] {
  const t = useTranslations("inventory");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("field.name"),
        value: (row) => row.name,
        cell: (row) => <UntrustedText inline mono text={row.name} />,
        primary: true,
        minWidth: 180,
      },
      {
        id: "connector",
        header: t("field.connector"),
        value: (row) => row.connectorSlug,
        cell: (row) => <span className="font-mono">{row.connectorSlug}</span>,
        width: 160,
        hideOnSmall: true,
      },
      {
        id: "effect",
        header: t("field.effect"),
        value: (row) => row.effect,
        cell: (row) => <EffectMark effect={row.effect} />,
        width: 130,
      },
      {
        id: "kind",
        header: t("field.kind"),
        value: (row) => row.kind,
        cell: (row) => t(`capability.${row.kind}`),
        width: 140,
        initiallyHidden: true,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("field.status"),
        value: (row) => row.status,
        cell: (row) => <ToolState plain standing={row.status} />,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "description",
        header: t("field.description"),
        value: (row) => row.description,
        cell: (row) => (row.description ? <UntrustedText inline text={row.description} /> : null),
        minWidth: 260,
        hideOnSmall: true,
      },
    ],
    [t],
  );
}
