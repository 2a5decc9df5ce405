"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { ChangeSheet } from "#components/settings/change-sheet.tsx";
import { changeTone } from "#components/settings/change-tone.ts";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Change } from "#lib/contract/changes.ts";

const states = ["proposed", "confirmed", "rejected", "expired"] as const;

/** Changes that wait for a second person, and those that were decided. */
export function ChangesTab() {
  const t = useTranslations("settings.changes");
  const [shown, setShown] = useQueryState("state", parseAsStringLiteral([...states, "all"]).withDefault("proposed"));
  const [open, setOpen] = useQueryState("change");
  const state = useTableState({ prefix: "change-" });
  const list = useInfiniteQueryFor("changes.list", { limit: 100, ...(shown === "all" ? {} : { state: shown }) });
  const columns = useColumns();
  return (
    <>
      <TabIntro
        action={
          <div className="w-40">
            <Select
              aria-label={t("state")}
              value={shown}
              onChange={(next) => void setShown(next)}
              options={[
                ...states.map((value) => ({ value, label: t(`states.${value}`) })),
                { value: "all" as const, label: t("all") },
              ]}
            />
          </div>
        }
      >
        {t("description")}
      </TabIntro>
      <DataTable
        label={t("label")}
        state={state}
        columns={columns}
        rows={list.data ?? []}
        rowId={(change) => change.id}
        rowName={(change) => change.summary}
        onOpen={(change) => void setOpen(change.id)}
        mode="server"
        hideToolbar
        fit="content"
        loading={list.isPending}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        {...(list.isError
          ? { error: <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} /> }
          : {})}
        empty={<EmptyState title={t("emptyTitle")} body={t("emptyBody")} />}
      />
      <ChangeSheet changeId={open} rows={list.data} onClose={() => void setOpen(null)} />
    </>
  );
}

function useColumns(): readonly Column<Change>[] {
  const t = useTranslations("settings.changes");
  return useMemo(
    () => [
      {
        id: "summary",
        header: t("change"),
        value: (change) => change.summary,
        cell: (change) => <UntrustedText text={change.summary} inline />,
        primary: true,
        minWidth: 200,
      },
      {
        id: "proposedBy",
        header: t("proposedBy"),
        value: (change) => change.proposedBy.name,
        cell: (change) => <UntrustedText text={change.proposedBy.name} inline className="text-muted" />,
        width: 180,
        hideOnSmall: true,
      },
      {
        id: "createdAt",
        header: t("when"),
        value: (change) => change.createdAt,
        cell: (change) => <RelativeTime value={change.createdAt} focusable={false} className="text-muted" />,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "expiresAt",
        header: t("until"),
        value: (change) => change.expiresAt,
        cell: (change) => <RelativeTime value={change.expiresAt} focusable={false} className="text-muted" />,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "state",
        header: t("state"),
        value: (change) => t(`states.${change.state}`),
        cell: (change) => (
          <StateChip plain tone={changeTone[change.state]}>
            {t(`states.${change.state}`)}
            {change.mayConfirm ? ` · ${t("you")}` : ""}
          </StateChip>
        ),
        width: 160,
      },
    ],
    [t],
  );
}
