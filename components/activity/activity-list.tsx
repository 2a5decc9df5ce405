"use client";
import { useQueryClient } from "@tanstack/react-query";
import Pause from "lucide-react/icons/pause";
import Play from "lucide-react/icons/play";
import type { Route } from "next";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { useActivityFilter } from "#components/activity/activity-filter.ts";
import { EventMark } from "#components/activity/event-mark.tsx";
import { FilterBar } from "#components/activity/filter-bar.tsx";
import { type LiveState, useTicks } from "#components/activity/ticks.ts";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor, useQueryFor } from "#lib/client/queries.ts";
import type { Event } from "#lib/contract/activity.ts";
import { queryKey } from "#lib/contract/query-key.ts";

const newerMax = 200;

/** What happened, newest first. New entries arrive by themselves; paused, the list stands still and counts them. */
export function ActivityList() {
  const t = useTranslations("activity");
  const filter = useActivityFilter();
  const state = useTableState();
  const client = useQueryClient();
  const [pausedAt, setPausedAt] = useState<bigint | null>(null);

  const list = useInfiniteQueryFor("activity.list", { ...filter.input, limit: 100 });
  const newest = list.data?.[0]?.seq ?? "0";
  const newerInput = { ...filter.input, after: newest, limit: newerMax };
  const newer = useQueryFor("activity.list", newerInput, { enabled: list.isSuccess });
  const live = useTicks(() => void client.invalidateQueries({ queryKey: queryKey("activity.list", newerInput) }));

  const all = useMemo(() => [...(newer.data?.items ?? []), ...(list.data ?? [])], [newer.data, list.data]);
  const rows = useMemo(
    () => (pausedAt === null ? all : all.filter(({ seq }) => BigInt(seq) <= pausedAt)),
    [all, pausedAt],
  );
  const columns = useColumns();

  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <LiveControl
            state={live.state}
            isPaused={pausedAt !== null}
            waiting={all.length - rows.length}
            onPause={() => setPausedAt(BigInt(all[0]?.seq ?? 0))}
            onResume={() => setPausedAt(null)}
            onReconnect={live.reconnect}
          />
        }
      />
      <FilterBar filter={filter} />
      {newer.data?.nextCursor ? (
        <div className="mb-3">
          <Notice action={<Button onClick={() => void list.refetch()}>{t("live.reload")}</Button>}>
            {t("live.many")}
          </Notice>
        </div>
      ) : null}
      <DataTable
        label={t("title")}
        state={state}
        columns={columns}
        rows={rows}
        rowId={(event) => event.id}
        rowName={(event) => event.sentence}
        rowHref={(event) => `/activity/${event.id}` as Route}
        mode="server"
        hideToolbar
        loading={list.isPending}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        {...(list.isError
          ? {
              error: (
                <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} body={list.error.message} />
              ),
            }
          : {})}
        empty={
          filter.isFiltered ? (
            <EmptyState
              title={t("noMatchTitle")}
              body={t("noMatchBody")}
              action={<Button onClick={() => void filter.set(null)}>{t("filter.clear")}</Button>}
            />
          ) : (
            <EmptyState
              title={t("emptyTitle")}
              body={t("emptyBody")}
              action={<ButtonLink href={"/connectors" as Route}>{t("catalogue")}</ButtonLink>}
            />
          )
        }
      />
    </>
  );
}

function useColumns(): readonly Column<Event>[] {
  const t = useTranslations("activity.column");
  return useMemo(
    () => [
      {
        id: "time",
        header: t("time"),
        value: (event) => event.time,
        cell: (event) => <RelativeTime value={event.time} focusable={false} className="text-muted" />,
        width: 120,
      },
      {
        id: "sentence",
        header: t("sentence"),
        value: (event) => event.sentence,
        cell: (event) => (
          <span className="flex min-w-0 items-center gap-2">
            <EventMark event={event} />
            <UntrustedText text={event.sentence} inline className="flex-1" />
          </span>
        ),
        primary: true,
        minWidth: 220,
      },
      {
        id: "type",
        header: t("type"),
        value: (event) => event.type,
        cell: (event) => <span className="truncate font-mono text-faint">{event.type}</span>,
        width: 220,
        hideOnSmall: true,
      },
      {
        id: "seq",
        header: t("seq"),
        value: (event) => event.seq,
        cell: (event) => <span className="font-mono text-faint">{event.seq}</span>,
        width: 90,
        align: "end",
        hideOnSmall: true,
      },
    ],
    [t],
  );
}

type LiveControlProps = {
  state: LiveState;
  isPaused: boolean;
  waiting: number;
  onPause: () => void;
  onResume: () => void;
  onReconnect: () => void;
};

function LiveControl({ state, isPaused, waiting, onPause, onResume, onReconnect }: LiveControlProps) {
  const t = useTranslations("activity.live");
  const shown = isPaused ? "paused" : state;
  const tone = { paused: "amber", live: "green", connecting: "neutral", off: "red" } as const;
  return (
    <>
      <span role="status">
        <StateChip tone={tone[shown]}>{t(shown)}</StateChip>
      </span>
      {state === "off" ? <Button onClick={onReconnect}>{t("reconnect")}</Button> : null}
      {isPaused ? (
        <Button onClick={onResume} icon={<Play size={14} aria-hidden />}>
          {t("resume", { count: waiting })}
        </Button>
      ) : (
        <Button onClick={onPause} icon={<Pause size={14} aria-hidden />}>
          {t("pause")}
        </Button>
      )}
    </>
  );
}
