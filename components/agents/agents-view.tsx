"use client";
import Plus from "lucide-react/icons/plus";
import type { Route } from "next";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { AgentStatus } from "#components/agents/agent-status.tsx";
import { Accountable, accountableOwner } from "#components/connectors/accountable.tsx";
import { InventoryTabs } from "#components/shell/inventory-tabs.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { everyRow, listInput } from "#lib/client/list.ts";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import { type Agent, Environment, AgentStatus as Status } from "#lib/contract/agents.ts";

const none: readonly Agent[] = [];

/** The registered agents that the person may see. */
export function AgentsView() {
  const t = useTranslations();
  const state = useTableState({ facets: ["status", "environment"], sort: "name", oneEach: true });
  const input = useMemo(() => listInput("agents.list", state), [state]);
  const query = useInfiniteQueryFor("agents.list", input);
  const columns = useColumns();
  const facets = useMemo(
    () => [
      {
        id: "status",
        label: t("inventory.field.status"),
        options: Status.options.map((value) => ({ value, label: t(`inventory.status.${value}`) })),
      },
      {
        id: "environment",
        label: t("inventory.field.environment"),
        options: Environment.options.map((value) => ({ value, label: t(`inventory.environment.${value}`) })),
      },
    ],
    [t],
  );
  const register = (
    <ButtonLink href={"/agents/new" as Route} variant="primary" icon={<Plus size={14} aria-hidden />}>
      {t("access.agent.register")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("access.agent.title")} actions={register} />
      <InventoryTabs />
      <DataTable
        label={t("access.agent.title")}
        state={state}
        mode="server"
        columns={columns}
        rows={query.data ?? none}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/agents/${row.slug}` as Route}
        facets={facets}
        loading={query.isPending}
        hasMore={query.hasNextPage}
        onMore={query.fetchNextPage}
        loadingMore={query.isFetchingNextPage}
        error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
        empty={<EmptyState title={t("access.agent.emptyTitle")} body={t("access.agent.emptyBody")} action={register} />}
        exportName="agents"
        exportRows={() => everyRow("agents.list", input)}
      />
    </>
  );
}

function useColumns(): readonly Column<Agent>[] {
  const t = useTranslations("inventory");
  const agent = useTranslations("access.agent");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("field.name"),
        value: (row) => row.name,
        cell: (row) => <UntrustedText inline text={row.name} />,
        primary: true,
        sortable: true,
        minWidth: 180,
      },
      {
        id: "slug",
        header: t("field.slug"),
        value: (row) => row.slug,
        cell: (row) => <span className="font-mono">{row.slug}</span>,
        width: 170,
        sortable: true,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("field.status"),
        value: (row) => row.status,
        cell: (row) => <AgentStatus plain status={row.status} />,
        width: 130,
      },
      {
        id: "environment",
        header: t("field.environment"),
        value: (row) => row.environment,
        cell: (row) => <span className="inline-block first-letter:uppercase">{row.environment}</span>,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "owner",
        header: t("field.owner"),
        value: (row) => accountableOwner(row.owners)?.name ?? null,
        cell: (row) => <Accountable owners={row.owners} />,
        width: 190,
        hideOnSmall: true,
      },
      {
        id: "grants",
        header: t("field.grants"),
        value: (row) => row.activeGrants,
        width: 90,
        align: "end",
        hideOnSmall: true,
      },
      {
        id: "lastCall",
        header: t("field.lastCall"),
        value: (row) => row.lastCallAt,
        cell: (row) =>
          row.lastCallAt ? (
            <RelativeTime value={row.lastCallAt} focusable={false} />
          ) : (
            <span className="text-faint">{agent("never")}</span>
          ),
        width: 130,
        hideOnSmall: true,
      },
    ],
    [t, agent],
  );
}
