"use client";
import Plus from "lucide-react/icons/plus";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { AllowHost } from "#components/settings/allow-host.tsx";
import { useMay } from "#components/settings/may.ts";
import { OthersRead } from "#components/settings/others-read.tsx";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { EgressEntry } from "#lib/contract/settings.ts";

/** The hosts that may be private or unencrypted. */
export function EgressTab() {
  const may = useMay();
  return may("egress:read") ? <EgressList /> : <OthersRead />;
}

function EgressList() {
  const t = useTranslations("settings.egress");
  const may = useMay();
  const [, setAct] = useAct();
  const state = useTableState({ prefix: "host-" });
  const list = useInfiniteQueryFor("egress.list", { limit: 200 });
  const rows = list.data ?? [];
  const mayRemove = may("egress:remove");
  const columns = useColumns(mayRemove, setAct);
  const add = may("egress:add") ? (
    <Button icon={<Plus size={14} aria-hidden />} onClick={() => setAct("allow-host")}>
      {t("add")}
    </Button>
  ) : null;
  return (
    <>
      <TabIntro action={add}>{t("description")}</TabIntro>
      <DataTable
        label={t("label")}
        state={state}
        columns={columns}
        rows={rows}
        rowId={(entry) => entry.id}
        rowName={hostOf}
        mode="client"
        fit="content"
        loading={list.isPending}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        {...(list.isError
          ? { error: <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} /> }
          : {})}
        empty={<EmptyState title={t("emptyTitle")} body={t("emptyBody")} />}
        exportName="allow-list"
      />
      {add === null ? null : <AllowHost />}
      {mayRemove
        ? rows.map((entry) => (
            <ConfirmAct
              key={entry.id}
              act={`remove-${entry.id}`}
              operation="egress.remove"
              input={(reason) => ({ entryId: entry.id, reason })}
              title={t("removeTitle", { host: hostOf(entry) })}
              description={t("removeBody")}
              confirmLabel={t("remove")}
              danger
              done={t("removed", { host: hostOf(entry) })}
            />
          ))
        : null}
    </>
  );
}

function hostOf({ host, port }: EgressEntry): string {
  return `${host}:${port}`;
}

function useColumns(mayRemove: boolean, setAct: (act: string) => void): readonly Column<EgressEntry>[] {
  const t = useTranslations("settings.egress");
  // biome-ignore lint/correctness/useExhaustiveDependencies: setAct does the same whenever it is made
  return useMemo(() => {
    const columns: Column<EgressEntry>[] = [
      {
        id: "host",
        header: t("host"),
        value: hostOf,
        cell: (entry) => <UntrustedText text={hostOf(entry)} inline mono />,
        primary: true,
        minWidth: 180,
        sortable: true,
      },
      {
        id: "reason",
        header: t("reasonColumn"),
        value: (entry) => entry.reason,
        cell: (entry) => <UntrustedText text={entry.reason} inline className="text-muted" />,
        minWidth: 220,
        hideOnSmall: true,
      },
      {
        id: "expiresAt",
        header: t("expires"),
        value: (entry) => entry.expiresAt,
        cell: (entry) => <RelativeTime value={entry.expiresAt} focusable={false} />,
        width: 120,
        sortable: true,
      },
    ];
    const remove: Column<EgressEntry> = {
      id: "act",
      header: t("remove"),
      value: () => null,
      cell: (entry) => (
        <Button
          variant="ghost"
          aria-label={t("removeName", { host: hostOf(entry) })}
          onClick={() => setAct(`remove-${entry.id}`)}
          className="h-7!"
        >
          {t("remove")}
        </Button>
      ),
      width: 110,
      align: "end",
    };
    return mayRemove ? [...columns, remove] : columns;
  }, [t, mayRemove]);
}
