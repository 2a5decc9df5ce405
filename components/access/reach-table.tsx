"use client";
import type { Route } from "next";
import Link from "next/link";
import { type ReactNode, useEffect, useMemo } from "react";
import { useTranslations } from "use-intl";
import { AccessChip } from "#components/access/access-chip.tsx";
import { AccessError } from "#components/access/access-error.tsx";
import { useMayOpenAgent } from "#components/access/may-read.ts";
import { WhyButton } from "#components/access/why-button.tsx";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Reach } from "#lib/contract/access.ts";
import { Effect } from "#lib/contract/tools.ts";

type Subject = { agentId: string } | { toolId: string };
const none: readonly Reach[] = [];

/** What one agent reaches, or who reaches one tool, each row with its why. `prefix` keeps its URL state apart. */
export function ReachTable(props: {
  subject: Subject;
  label: string;
  empty: ReactNode;
  prefix: string;
  fit?: "page" | "content";
}) {
  const { subject, label, empty, prefix, fit = "page" } = props;
  const byAgent = "agentId" in subject;
  const state = useTableState({ prefix, facets: byAgent ? ["effect", "access"] : ["access"] });
  const query = useInfiniteQueryFor("access.list", { ...subject, limit: 200 });
  const mayOpenAgent = useMayOpenAgent();
  const columns = useColumns(byAgent);
  const facets = useFacets(byAgent);
  // A page is as long as a moment's work: it may be empty although there are more.
  const { data = none, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const isSearching = data.length === 0 && hasNextPage;
  useEffect(() => {
    if (isSearching && !isFetching && !isError) void fetchNextPage();
  }, [isSearching, isFetching, isError, fetchNextPage]);
  return (
    <DataTable
      label={label}
      state={state}
      mode="client"
      columns={columns}
      rows={data}
      rowId={(row) => `${row.agentId} ${row.toolId}`}
      rowName={(row) => (byAgent ? `${row.connectorSlug} ${row.tool}` : row.agentName)}
      rowHref={(row) => {
        if (byAgent) return `/tools/${row.toolId}` as Route;
        return (mayOpenAgent(row.agentId) ? `/agents/${row.agentId}` : `/grants/${row.grantId}`) as Route;
      }}
      facets={facets}
      hasMore={query.hasNextPage}
      onMore={query.fetchNextPage}
      loadingMore={query.isFetchingNextPage}
      loading={query.isPending || (isSearching && !isError)}
      error={query.error ? <AccessError error={query.error} onRetry={() => void query.refetch()} /> : undefined}
      empty={empty}
      exportName="access"
      fit={fit}
    />
  );
}

function useFacets(byAgent: boolean) {
  const t = useTranslations();
  return useMemo(() => {
    const access = {
      id: "access",
      label: t("access.field.access"),
      options: (["permit", "conditional"] as const).map((value) => ({ value, label: t(`access.cell.${value}`) })),
    };
    const effect = {
      id: "effect",
      label: t("access.field.effect"),
      options: Effect.options.map((value) => ({ value, label: t(`requests.effect.${value}`) })),
    };
    return byAgent ? [effect, access] : [access];
  }, [t, byAgent]);
}

function useColumns(byAgent: boolean): readonly Column<Reach>[] {
  const t = useTranslations("access.field");
  return useMemo(() => {
    const agent: Column<Reach> = {
      id: "agent",
      header: t("agent"),
      value: (row) => row.agentName,
      primary: true,
      cell: (row) => <UntrustedText inline text={row.agentName} />,
      minWidth: 160,
      sortable: true,
    };
    const tool: readonly Column<Reach>[] = [
      {
        id: "tool",
        header: t("tool"),
        value: (row) => row.tool,
        primary: true,
        cell: (row) => <UntrustedText inline mono text={row.tool} />,
        minWidth: 180,
        sortable: true,
      },
      {
        id: "connector",
        header: t("connector"),
        value: (row) => row.connectorSlug,
        cell: (row) => (
          <Link href={`/connectors/${row.connectorSlug}` as Route} className="rounded-sm font-mono hover:underline">
            {row.connectorSlug}
          </Link>
        ),
        width: 150,
        sortable: true,
        hideOnSmall: true,
      },
    ];
    const effect: Column<Reach> = {
      id: "effect",
      header: t("effect"),
      value: (row) => row.effect,
      cell: (row) => <EffectMark effect={row.effect} />,
      width: 130,
      sortable: true,
      hideOnSmall: true,
    };
    return [
      ...(byAgent ? [...tool, effect] : [agent]),
      {
        id: "access",
        header: t("access"),
        value: (row) => row.access,
        cell: (row) => <AccessChip access={row.access} />,
        width: 130,
      },
      {
        id: "conditions",
        header: t("conditions"),
        value: (row) => row.conditions.join(" "),
        cell: (row) => (row.conditions.length > 0 ? <UntrustedText inline text={row.conditions.join(" ")} /> : null),
        minWidth: 200,
        hideOnSmall: true,
      },
      {
        id: "expires",
        header: t("expires"),
        value: (row) => row.expiresAt,
        cell: (row) => <RelativeTime value={row.expiresAt} focusable={false} />,
        width: 120,
        sortable: true,
        hideOnSmall: true,
      },
      {
        id: "why",
        header: t("why"),
        value: (row) => row.grantId,
        cell: (row) => (
          <WhyButton agentId={row.agentId} agentName={row.agentName} connectorId={row.connectorId} tool={row.tool} />
        ),
        width: 80,
      },
    ];
  }, [t, byAgent]);
}
