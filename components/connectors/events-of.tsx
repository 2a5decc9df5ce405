"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Event } from "#lib/contract/activity.ts";

type About = { connectorId: string } | { agentId: string } | { subjectId: string };

/** The events of one thing, newest first, each leading to its full trace. */
export function EventsOf({ about, label }: { about: About; label: string }) {
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
      <ul aria-label={label} className="divide-y rounded-md border bg-surface text-sm">
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

function EventMark({ event }: { event: Event }) {
  const tone: Tone =
    event.decision === "deny" || event.type.endsWith("denied")
      ? "red"
      : event.decision === "permit"
        ? "green"
        : "neutral";
  return (
    <StateChip plain tone={tone} className="shrink-0">
      <span className="sr-only">{event.decision ?? event.type}</span>
    </StateChip>
  );
}
