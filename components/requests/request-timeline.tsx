"use client";
import { useTranslations } from "use-intl";
import { ReviewTerms } from "#components/requests/review-terms-list.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Section } from "#components/ui/section.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { Timeline, type TimelineItem } from "#components/ui/timeline.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { RequestDetail, Review } from "#lib/contract/requests.ts";

const verdictTone: Record<Review["verdict"], Tone> = { approve: "green", request_changes: "amber", deny: "red" };

/** Conversation and history in one line of time, with the box to say something. */
export function RequestTimeline({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests.review.timeline");
  const items = request.timeline
    .filter(({ kind }) => kind !== "review")
    .map((item, index): TimelineItem => {
      const isComment = item.kind === "comment";
      return {
        id: `${item.at} ${item.type} ${index}`,
        at: item.at,
        title: isComment ? (
          <span className="font-medium">{item.who}</span>
        ) : (
          <EventTitle type={item.type} who={item.who} />
        ),
        body: isComment ? <UntrustedText text={item.text} /> : undefined,
        tone: isComment ? "blue" : "neutral",
      };
    });
  const reviews = request.reviews.map(
    (review): TimelineItem => ({
      id: review.id,
      at: review.at,
      tone: review.current ? verdictTone[review.verdict] : "grey",
      title: <ReviewTitle review={review} />,
      body: (
        <>
          <UntrustedText text={review.reason} />
          {review.verdict === "approve" ? <ReviewTerms request={request} review={review} /> : null}
        </>
      ),
    }),
  );
  const all = [...items, ...reviews].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return (
    <Section title={t("title")}>
      {all.length > 0 ? (
        <Timeline label={t("title")} items={all} />
      ) : (
        <p className="text-faint text-sm">{t("empty")}</p>
      )}
      {request.may.includes("comment") ? <CommentBox requestId={request.id} /> : null}
    </Section>
  );
}

function EventTitle({ type, who }: { type: string; who: string }) {
  const t = useTranslations("requests.review.timeline.event");
  const key = type.replaceAll(/[.-]/g, "_") as Parameters<typeof t.has>[0];
  return t.has(key) ? t(key, { who }) : `${who}: ${type.replaceAll(/[.-]/g, " ")}`;
}

function ReviewTitle({ review }: { review: Review }) {
  const t = useTranslations("requests");
  const words = { approve: "approved", request_changes: "changes", deny: "denied" } as const;
  return (
    <>
      <span className={review.current ? undefined : "text-faint line-through"}>
        {t(`review.timeline.${words[review.verdict]}`, {
          who: review.reviewer.name,
          stage: t(`stage.${review.stageKind}`),
        })}
      </span>
      <span className="text-faint">
        {review.onBehalfOf ? ` ${t("review.timeline.onBehalf", { name: review.onBehalfOf.name })}` : null}
        {review.via === "token" ? ` ${t("review.timeline.via")}` : null}
        {review.current ? null : ` ${t("review.timeline.void")}`}
      </span>
    </>
  );
}

function CommentBox({ requestId }: { requestId: string }) {
  const t = useTranslations("requests.review.timeline");
  const [kept, setKept] = useKept<string>(`ambit.comment.${requestId}`);
  const text = kept ?? "";
  const comment = useMutationFor("requests.comment", { onSuccess: () => setKept(null) });
  return (
    <form
      className="mt-4 flex flex-col gap-2 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") comment.mutate({ requestId, text });
      }}
    >
      <Field label={t("comment")} hint={t("commentHint")}>
        <Textarea rows={2} maxLength={4000} value={text} onChange={(event) => setKept(event.currentTarget.value)} />
      </Field>
      {comment.error ? <FailureNotice error={comment.error} /> : null}
      <Button type="submit" className="self-start" loading={comment.isPending} disabled={text.trim() === ""}>
        {t("send")}
      </Button>
    </form>
  );
}
