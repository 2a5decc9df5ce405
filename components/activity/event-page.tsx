"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useMayOpenAgent } from "#components/access/may-read.ts";
import { EventMark, eventTone } from "#components/activity/event-mark.tsx";
import { EventProof } from "#components/activity/event-proof.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { type Fact, Facts } from "#components/ui/facts.tsx";
import { type Json, JsonView } from "#components/ui/json-view.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { exactUtc } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { Timeline } from "#components/ui/timeline.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Event } from "#lib/contract/activity.ts";
import type { OutputOf } from "#lib/contract/index.ts";

/** One entry of the log: what it says, the call it belongs to, its exact bytes and its proof. */
export function EventPage({ eventId }: { eventId: string }) {
  const t = useTranslations("activity.event");
  const entry = useQueryFor("activity.get", { eventId });
  useBreadcrumb([{ label: t("title", { seq: entry.data?.seq ?? "…" }) }]);
  if (entry.isError && entry.error.code === "not_found") {
    return (
      <PageHeader
        title={t("gone")}
        description={t("goneBody")}
        actions={<ButtonLink href={"/activity" as Route}>{t("back")}</ButtonLink>}
      />
    );
  }
  if (entry.isError) return <ErrorState onRetry={() => void entry.refetch()} retrying={entry.isFetching} />;
  if (entry.isPending) return <Waiting title={t("title", { seq: "…" })} />;
  const event = entry.data;
  return (
    <>
      <PageHeader
        title={
          <span className="flex min-w-0 items-start gap-2">
            <span className="mt-1.5">
              <EventMark event={event} size={16} />
            </span>
            <UntrustedText text={event.sentence} collapseAfter={300} />
          </span>
        }
        meta={
          <>
            <span>{exactUtc(event.time)}</span>
            <span className="font-mono">{event.type}</span>
          </>
        }
      />
      <SplitPage
        asideLabel={t("title", { seq: event.seq })}
        aside={<EventProof event={event} onLookAgain={() => void entry.refetch()} isLooking={entry.isFetching} />}
      >
        <Section title={t("facts")}>
          <EventFacts event={event} />
        </Section>
        {event.related.length > 0 ? <Trace event={event} /> : null}
        <Section title={t("bytes")} description={t("bytesNote")}>
          <div className="flex flex-col gap-3">
            <CodeBlock code={event.leaf} label={t("title", { seq: event.seq })} />
            <JsonView value={JSON.parse(event.leaf) as Json} label={t("readable")} />
          </div>
        </Section>
      </SplitPage>
    </>
  );
}

function EventFacts({ event }: { event: OutputOf<"activity.get"> }) {
  const t = useTranslations("activity.event");
  const mayOpenAgent = useMayOpenAgent();
  const link = (href: string, text: string) => (
    <Link href={href as Route} className="rounded-sm text-accent-ink hover:underline">
      <UntrustedText text={text} inline />
    </Link>
  );
  const facts: (Fact | null)[] = [
    { id: "when", term: t("when"), value: exactUtc(event.time) },
    {
      id: "who",
      term: t("who"),
      value: <UntrustedText text={event.principalName} inline />,
      note: event.principalKind,
    },
    event.connectorId === null
      ? null
      : {
          id: "connector",
          term: t("connector"),
          value: link(
            `/connectors/${event.connectorSlug ?? event.connectorId}`,
            event.connectorSlug ?? event.connectorId,
          ),
        },
    event.tool === null ? null : { id: "tool", term: t("tool"), value: <UntrustedText text={event.tool} mono /> },
    event.agentId === null
      ? null
      : {
          id: "agent",
          term: t("agent"),
          value: mayOpenAgent(event.agentId) ? (
            link(`/agents/${event.agentId}`, event.agentId)
          ) : (
            <ShortId value={event.agentId} name={t("agent")} />
          ),
        },
    event.decision === null
      ? null
      : { id: "decision", term: t("decision"), value: <UntrustedText text={event.decision} inline /> },
    event.reason === null
      ? null
      : { id: "reason", term: t("reason"), value: <UntrustedText text={event.reason.replaceAll("_", " ")} /> },
    event.grantId === null
      ? null
      : { id: "grant", term: t("grant"), value: link(`/grants/${event.grantId}`, event.grantId) },
    event.callId === null
      ? null
      : { id: "call", term: t("call"), value: <ShortId value={event.callId} name={t("call")} /> },
    event.subjects.length === 0
      ? null
      : {
          id: "subjects",
          term: t("subjects"),
          value: (
            <ul className="flex flex-wrap gap-x-3 gap-y-1">
              {event.subjects.map((subject) => (
                <li key={subject} className="min-w-0 font-mono">
                  {link(`/activity?subjectId=${encodeURIComponent(subject)}`, subject)}
                </li>
              ))}
            </ul>
          ),
        },
    { id: "id", term: t("id"), value: <ShortId value={event.id} name={t("id")} /> },
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} />;
}

function Trace({ event }: { event: OutputOf<"activity.get"> }) {
  const t = useTranslations("activity.event");
  const entries: Event[] = [event, ...event.related].sort((a, b) => Number(BigInt(a.seq) - BigInt(b.seq)));
  return (
    <Section title={t("trace")} description={t("traceNote")}>
      <Timeline
        label={t("trace")}
        items={entries.map((one) => ({
          id: one.id,
          at: one.time,
          tone: eventTone(one),
          icon: <EventMark event={one} size={13} />,
          title:
            one.id === event.id ? (
              <span className="font-medium">
                <UntrustedText text={`${one.sentence} (${t("thisOne")})`} />
              </span>
            ) : (
              <Link href={`/activity/${one.id}` as Route} className="rounded-sm hover:underline">
                <UntrustedText text={one.sentence} />
              </Link>
            ),
        }))}
      />
    </Section>
  );
}

function Waiting({ title }: { title: string }) {
  return (
    <>
      <div className="mb-5 flex flex-col gap-2">
        <h1 className="sr-only">{title}</h1>
        <Skeleton className="h-7 w-2/3" />
        <Skeleton className="h-5 w-60" />
      </div>
      <SplitPage asideLabel={title} aside={<Skeleton className="h-72 w-full" />}>
        <Skeleton className="h-60 w-full" />
        <Skeleton className="h-40 w-full" />
      </SplitPage>
    </>
  );
}
