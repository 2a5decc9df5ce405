"use client";
import Plus from "lucide-react/icons/plus";
import type { Route } from "next";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { Accountable, accountableOwner } from "#components/connectors/accountable.tsx";
import { ConnectorStatus } from "#components/connectors/connector-status.tsx";
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
import { Classification, type Connector, ConnectorStatus as Status, Transport } from "#lib/contract/connectors.ts";
import { Tier } from "#lib/contract/settings.ts";

const none: readonly Connector[] = [];

/** The catalogue of connectors: search, facets, sort and export in one table. */
export function ConnectorsView() {
  const t = useTranslations("inventory");
  const state = useTableState({
    facets: ["status", "tier", "classification", "transport"],
    sort: "name",
    oneEach: true,
  });
  const input = useMemo(() => listInput("connectors.list", state), [state]);
  const query = useInfiniteQueryFor("connectors.list", input);
  const columns = useColumns();
  const facets = useMemo(
    () => [
      {
        id: "status",
        label: t("field.status"),
        options: Status.options.map((value) => ({ value, label: t(`status.${value}`) })),
      },
      {
        id: "tier",
        label: t("field.tier"),
        options: Tier.options.map((value) => ({ value, label: t(`tier.${value}`) })),
      },
      {
        id: "classification",
        label: t("field.classification"),
        options: Classification.options.map((value) => ({ value, label: t(`classification.${value}`) })),
      },
      {
        id: "transport",
        label: t("field.transport"),
        options: Transport.options.map((value) => ({ value, label: t(`transport.${value}`) })),
      },
    ],
    [t],
  );
  const request = (
    <ButtonLink href={"/requests/new" as Route} variant="primary" icon={<Plus size={14} aria-hidden />}>
      {t("requestConnector")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("connectors.title")} actions={request} />
      <InventoryTabs />
      <DataTable
        label={t("connectors.title")}
        state={state}
        mode="server"
        columns={columns}
        rows={query.data ?? none}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/connectors/${row.slug}` as Route}
        facets={facets}
        loading={query.isPending}
        hasMore={query.hasNextPage}
        onMore={query.fetchNextPage}
        loadingMore={query.isFetchingNextPage}
        error={query.error ? <ErrorState body={query.error.message} onRetry={() => void query.refetch()} /> : undefined}
        empty={<EmptyState title={t("connectors.emptyTitle")} body={t("connectors.emptyBody")} action={request} />}
        exportName="connectors"
        exportRows={() => everyRow("connectors.list", input)}
      />
    </>
  );
}

function useColumns(): readonly Column<Connector>[] {
  const t = useTranslations("inventory");
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
        width: 150,
        sortable: true,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("field.status"),
        value: (row) => row.status,
        cell: (row) => <ConnectorStatus plain status={row.status} />,
        width: 130,
      },
      {
        id: "tier",
        header: t("field.tier"),
        value: (row) => row.tier,
        cell: (row) => t(`tier.${row.tier}`),
        width: 90,
        hideOnSmall: true,
      },
      {
        id: "classification",
        header: t("field.classification"),
        value: (row) => row.classification,
        cell: (row) => t(`classification.${row.classification}`),
        width: 120,
        hideOnSmall: true,
      },
      {
        id: "transport",
        header: t("field.transport"),
        value: (row) => row.transport,
        cell: (row) => t(`transport.${row.transport}`),
        width: 140,
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
        id: "tools",
        header: t("field.tools"),
        value: (row) => row.toolCount,
        width: 80,
        align: "end",
        hideOnSmall: true,
      },
      {
        id: "createdAt",
        header: t("field.age"),
        value: (row) => row.createdAt,
        cell: (row) => <RelativeTime value={row.createdAt} focusable={false} />,
        width: 130,
        sortable: true,
        hideOnSmall: true,
      },
    ],
    [t],
  );
}
