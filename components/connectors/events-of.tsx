"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { EventMark } from "#components/activity/event-mark.tsx";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";

type About = { connectorId: string } | { agentId: string } | { subjectId: string };

/** The events of one thing, newest first, each leading to its full trace. `flush` inside a section. */
export function EventsOf({ about, label, flush = false }: { about: About; label: string; flush?: boolean }) {
  const t = useTranslations("inventory.connectors");
  const query = useInfiniteQueryFor("activity.list", { ...about, limit: 50 }, { refetchInterval: 15_000 });
  if (query.isPending) {
    return (
      <div aria-hidden className="flex flex-col gap-2 rounded-md border bg-surface p-4">
        {Array.from({ length: 8 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical shapes without identity
          <Skeleton key={index} className="h-5 w-full" />
        ))}
      </div>
    );
  }
  if (query.error) return <ErrorState body={query.error.message} onRetry={() => void query.refetch()} />;
  const events = query.data ?? [];
  if (events.length === 0) return <EmptyState title={t("activityEmpty")} body={t("activityEmptyBody")} />;
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label={label} className={classNames("divide-y text-sm", !flush && "rounded-md border bg-surface")}>
        {events.map((event) => (
          <li key={event.id} className="relative flex min-h-9 items-center gap-3 px-4 py-1.5 hover:bg-subtle">
            <EventMark event={event} />
            <Link
              href={`/activity/${event.id}` as Route}
              prefetch={false}
              className="min-w-0 flex-1 text-ink after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
            >
              <UntrustedText inline text={event.sentence} />
            </Link>
            <RelativeTime value={event.time} focusable={false} className="shrink-0 text-faint" />
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button className="self-start" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
    </div>
  );
}
