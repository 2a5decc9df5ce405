"use client";
import { useTranslations } from "use-intl";
import { CombinedResult } from "#components/requests/combined-result.tsx";
import { DecisionForm } from "#components/requests/decision-form.tsx";
import type { DecisionInTheMaking } from "#components/requests/decision-state.ts";
import { EnableConnector } from "#components/requests/enable-connector.tsx";
import { requestTone } from "#components/requests/request-words.ts";
import type { Reload, Seen } from "#components/requests/review.tsx";
import { StaleNotice } from "#components/requests/stale-notice.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { type Stage, Stages } from "#components/ui/stages.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { RequestDetail } from "#lib/contract/requests.ts";

type DecisionPanelProps = {
  request: RequestDetail;
  making: DecisionInTheMaking;
  seen: Seen;
  reload: Reload;
  /** The person wants to see, and decide on, what is proposed now. */
  onShowNew: () => void;
};

/** Where the stages stand, who may decide, and one's own decision. */
export function DecisionPanel({ request, making, seen, reload, onShowNew }: DecisionPanelProps) {
  const t = useTranslations("requests");
  const isInReview = request.state === "submitted" || request.state === "in_review";
  const isStale = seen.digest !== request.digest || seen.round !== request.round;
  return (
    <div id="decision" tabIndex={-1} className="flex scroll-mt-16 flex-col gap-4">
      {request.stages.length > 0 ? (
        <Section title={t("review.decision.stages")}>
          <Stages
            label={t("review.decision.stages")}
            stages={request.stages.map((stage) => toStage(stage, request, t))}
          />
        </Section>
      ) : null}
      {isInReview ? (
        <Section title={t("review.decision.title")}>
          {isStale && making.stage !== null ? (
            <StaleNotice request={request} seen={seen} onShowNew={onShowNew} />
          ) : making.stage !== null && seen.digest !== null ? (
            <DecisionForm
              key={making.stage}
              request={request}
              making={making}
              stage={making.stage}
              digest={seen.digest}
              reload={reload}
            />
          ) : (
            <div className="flex flex-col gap-4">
              <WhyNot request={request} />
              <CombinedResult request={request} making={null} />
            </div>
          )}
        </Section>
      ) : (
        <Outcome request={request} />
      )}
      {request.may.includes("enable") && request.connector ? <EnableConnector connector={request.connector} /> : null}
    </div>
  );
}

type Words = ReturnType<typeof useTranslations<"requests">>;

function toStage(stage: RequestDetail["stages"][number], request: RequestDetail, t: Words): Stage {
  const { kind, counted, quorum, open, satisfied, dueAt } = stage;
  const isOver = request.state === "denied" || request.state === "withdrawn" || request.state === "expired";
  const isDenied = request.reviews.some(
    ({ stageKind, verdict, current }) => current && stageKind === kind && verdict === "deny",
  );
  const decided = new Set(
    request.reviews.flatMap(({ stageKind, current, counts, reviewer }) =>
      current && counts && stageKind === kind ? [reviewer.id] : [],
    ),
  );
  const people = (request.eligible.find((entry) => entry.kind === kind)?.people ?? []).filter(
    ({ id }) => !decided.has(id),
  );
  // An owner whom the requester named decides once security has confirmed them; no administrator has to help.
  const waitsForSecurity =
    kind === "owner" && people.length === 0 && request.owners.some(({ confirmed }) => !confirmed);
  const state = satisfied
    ? "done"
    : isDenied
      ? "failed"
      : isOver
        ? "skipped"
        : open && !waitsForSecurity && request.state !== "changes_requested"
          ? "current"
          : "waiting";
  return {
    id: kind,
    label: `${t(`stage.${kind}`)} ${t("review.decision.counted", { counted, quorum })}`,
    state,
    detail:
      state === "current" ? (
        <>
          <span className="block">
            {people.length > 0 ? t("review.decision.can", { people: namesOf(people, t) }) : t("review.decision.nobody")}
          </span>
          <span className="block">
            {t("review.due")} <RelativeTime value={dueAt} />
          </span>
        </>
      ) : state === "waiting" && request.state !== "changes_requested" ? (
        t(open && waitsForSecurity ? "review.decision.ownerUnconfirmed" : "review.decision.waitsFor")
      ) : undefined,
  };
}

/** The first few names, and how many more. */
export function namesOf(people: readonly { name: string }[], t: Words): string {
  const first = people
    .slice(0, 4)
    .map(({ name }) => name)
    .join(", ");
  return people.length > 4 ? t("review.decision.more", { people: first, count: people.length - 4 }) : first;
}

function WhyNot({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests");
  // Security confirms an owner for the stage of owners; the other stages are not waiting for it.
  const reasons = new Map(
    request.myStages.flatMap(({ kind, why }) =>
      why === "unconfirmed_owner" && kind !== "owner" ? [] : [[kind, why] as const],
    ),
  );
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p className="font-medium text-ink">{t("review.decision.notMine")}</p>
      <ul className="flex flex-col gap-1 text-muted">
        {[...new Set(reasons.values())].map((why) => (
          <li key={why}>
            {[...reasons]
              .filter(([, other]) => other === why)
              .map(([kind]) => t(`stage.${kind}`))
              .join(", ")}
            : <Why why={why} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Why({ why }: { why: string }) {
  const t = useTranslations("requests.review.decision.why");
  const known = why as Parameters<typeof t.has>[0];
  return t.has(known) ? t(known) : t("other");
}

function Outcome({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests");
  const { state } = request;
  if (state === "submitted" || state === "in_review") return null;
  if (state === "changes_requested" && request.may.includes("edit")) {
    return (
      <Notice tone="amber" title={t("review.acts.changesTitle")}>
        {t("review.acts.changesBody")}
      </Notice>
    );
  }
  return (
    <Section title={t("review.decision.title")}>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <StateChip tone={requestTone[state]}>{t(`state.${state}`)}</StateChip>
        <span className="text-muted">{t(`review.decision.done.${state}`)}</span>
        {request.decidedAt ? <RelativeTime value={request.decidedAt} className="text-faint" /> : null}
      </p>
      {state === "approved" ? (
        <div className="mt-3">
          <CombinedResult request={request} making={null} />
        </div>
      ) : null}
    </Section>
  );
}
