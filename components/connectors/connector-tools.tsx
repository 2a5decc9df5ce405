"use client";
import type { Route } from "next";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { useEveryRow } from "#components/connectors/every-row.ts";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { standingOf, ToolState } from "#components/tools/tool-state.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";
import { Effect, type Tool } from "#lib/contract/tools.ts";

const standings = ["approved", "hold", "not", "quarantined", "removed"] as const;
const none: readonly Tool[] = [];

/** The tools of a connector with where each stands: approved, held, not approved, quarantined. */
export function ConnectorTools({ connector }: { connector: OutputOf<"connectors.get"> }) {
  const t = useTranslations("inventory");
  const requests = useTranslations("requests");
  const state = useTableState({ prefix: "tool-", facets: ["standing", "effect"], sort: "name" });
  const query = useInfiniteQueryFor("tools.list", { connectorId: connector.id, limit: 200 });
  const rows = useEveryRow(query) ?? none;
  const columns = useColumns(connector);
  const facets = useMemo(
    () => [
      {
        id: "standing",
        label: t("field.approval"),
        options: standings.map((value) => ({ value, label: t(`tool.state.${value}`) })),
      },
      {
        id: "effect",
        label: t("field.effect"),
        options: Effect.options.map((value) => ({ value, label: requests(`effect.${value}`) })),
      },
    ],
    [t, requests],
  );
  return (
    <DataTable
      label={t("tool.title")}
      state={state}
      mode="client"
      columns={columns}
      rows={rows}
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      rowHref={(row) => `/tools/${row.id}` as Route}
      facets={facets}
      loading={query.isPending}
      loadingMore={query.isFetchingNextPage}
      error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
      empty={<EmptyState title={t("connectors.noTools")} body={t("connectors.noToolsBody")} />}
      exportName={`${connector.slug}-tools`}
    />
  );
}

function useColumns({ approvedTools, holdTools }: OutputOf<"connectors.get">): readonly Column<Tool>[] {
  const t = useTranslations("inventory");
  return useMemo(() => {
    const [approved, held] = [new Set(approvedTools), new Set(holdTools)];
    const standing = (row: Tool) =>
      standingOf(row.status, { approved: approved.has(row.name), hold: held.has(row.name) });
    return [
      {
        id: "name",
        header: t("field.name"),
        value: (row) => row.name,
        cell: (row) => <UntrustedText inline mono text={row.name} />,
        primary: true,
        sortable: true,
        minWidth: 180,
      },
      {
        id: "standing",
        header: t("field.approval"),
        value: standing,
        cell: (row) => <ToolState plain standing={standing(row)} />,
        width: 170,
        sortable: true,
      },
      {
        id: "effect",
        header: t("field.effect"),
        value: (row) => row.effect,
        cell: (row) => <EffectMark effect={row.effect} />,
        width: 130,
        sortable: true,
        hideOnSmall: true,
      },
      {
        id: "kind",
        header: t("field.kind"),
        value: (row) => row.kind,
        cell: (row) => t(`capability.${row.kind}`),
        width: 140,
        hideOnSmall: true,
        initiallyHidden: true,
      },
      {
        id: "description",
        header: t("field.description"),
        value: (row) => row.description,
        cell: (row) => (row.description ? <UntrustedText inline text={row.description} /> : null),
        minWidth: 260,
        hideOnSmall: true,
      },
    ];
  }, [t, approvedTools, holdTools]);
}
