"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ApprovalTerms } from "#components/requests/approval-terms.tsx";
import { CombinedResult } from "#components/requests/combined-result.tsx";
import type { DecisionInTheMaking, Verdict } from "#components/requests/decision-state.ts";
import { ReclassifyDialog } from "#components/requests/reclassify-dialog.tsx";
import type { StageKind } from "#components/requests/request-words.ts";
import type { Reload } from "#components/requests/review.tsx";
import { termsInTheMaking, together } from "#components/requests/review-terms.ts";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { focusFirstProblem } from "#components/ui/focus-first-problem.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { useNow } from "#components/ui/now.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { useShortcut } from "#components/ui/shortcut.ts";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

const verdicts = ["approve", "request_changes", "deny"] as const;
const reasonMin = 10;

type DecisionFormProps = {
  request: RequestDetail;
  making: DecisionInTheMaking;
  stage: StageKind;
  /** Of what the person saw. */
  digest: string;
  reload: Reload;
};

/** One's decision on one stage. The keys a, c and r choose it; only the button records it. */
export function DecisionForm({ request, making, stage, digest, reload }: DecisionFormProps) {
  const t = useTranslations("requests");
  const router = useRouter();
  const [address] = useQueryStates({
    decide: parseAsStringLiteral(verdicts),
    next: parseAsArrayOf(parseAsString).withDefault([]),
  });
  const { decision, change, asked, chosen } = making;
  const verdict = decision.verdict ?? address.decide;
  const form = useRef<HTMLFormElement>(null);
  const reasonBox = useRef<HTMLTextAreaElement>(null);
  const [tried, setTried] = useState(false);
  const [isChecking, setIsChecking] = useState(false);
  const review = useMutationFor("requests.review");
  const isShort = decision.reason.trim().length < reasonMin;
  const needsTools = verdict === "approve" && asked.length > 0 && chosen.length === 0;
  const needsConfirm = verdict === "approve" && stage === "security" && !decision.confirmed;

  // What earlier approvals left out stays out.
  const result = together(request, useNow(), { by: "", terms: termsInTheMaking(making) }).chosen;

  function choose(next: Verdict) {
    change({ verdict: next });
    reasonBox.current?.focus();
  }
  useShortcut("a", () => choose("approve"));
  useShortcut("c", () => choose("request_changes"));
  useShortcut("r", () => choose("deny"));
  useEffect(() => {
    // The person came with a key from the queue: the decision is what they go on with.
    if (address.decide !== null) reasonBox.current?.focus();
  }, [address.decide]);

  async function record() {
    setTried(true);
    if (verdict === null || isShort || needsTools || needsConfirm) {
      requestAnimationFrame(() => focusFirstProblem(form.current));
      return;
    }
    const isApproval = verdict === "approve";
    setIsChecking(true);
    // The digest covers the server, not the form: whoever submitted again meanwhile asks for something else.
    const latest = await reload();
    setIsChecking(false);
    if (latest !== undefined && (latest.round !== request.round || latest.digest !== digest)) return;
    try {
      await review.mutateAsync({
        requestId: request.id,
        stage,
        verdict,
        digest,
        round: request.round,
        reason: decision.reason.trim(),
        confirmed: isApproval && stage === "security" && decision.confirmed,
        ...(isApproval ? termsInTheMaking(making) : {}),
      });
    } catch {
      return;
    }
    making.forget();
    const [following, ...rest] = address.next;
    toast({ title: t(`review.decision.recorded.${verdict}`) });
    if (following) router.push(`/requests/${following}${rest.length > 0 ? `?next=${rest.join(",")}` : ""}` as Route);
    else document.getElementById("decision")?.focus();
  }

  return (
    <form
      ref={form}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void record();
      }}
    >
      {making.stages.length > 1 ? (
        <Field label={t("review.decision.as")}>
          <Select
            value={stage}
            onChange={(next) => change({ stage: next })}
            options={making.stages.map((kind) => ({ value: kind, label: t(`stage.${kind}`) }))}
          />
        </Field>
      ) : null}
      <RadioGroup
        label={t("review.decision.verdict")}
        value={verdict}
        onChange={(next) => change({ verdict: next })}
        options={[
          {
            value: "approve",
            label: t("review.decision.approve"),
            detail:
              asked.length > 0
                ? t("review.decision.approveDetail", { chosen: chosen.length, total: asked.length })
                : t("review.decision.approveScope"),
            body: <ApprovalTerms request={request} making={making} />,
          },
          { value: "request_changes", label: t("review.decision.changes"), detail: t("review.decision.changesDetail") },
          { value: "deny", label: t("review.decision.deny"), detail: t("review.decision.denyDetail") },
        ]}
      />
      {verdict === "deny" || verdict === "request_changes" ? null : (
        <CombinedResult request={request} making={verdict === "approve" ? making : null} />
      )}
      {tried && needsTools ? (
        <p role="alert" data-problem="" tabIndex={-1} className="text-red text-sm">
          {t("review.decision.noTools")}
        </p>
      ) : null}
      <Field
        label={t("review.decision.reason")}
        hint={t("review.decision.reasonHint")}
        error={tried && isShort ? t("review.decision.reasonShort") : undefined}
      >
        <Textarea
          ref={reasonBox}
          maxLength={2000}
          value={decision.reason}
          onChange={(event) => change({ reason: event.currentTarget.value, verdict })}
        />
      </Field>
      {verdict === "approve" && stage === "security" ? (
        <div>
          <Checkbox
            checked={decision.confirmed}
            onChange={(confirmed) => change({ confirmed, verdict })}
            label={t("review.decision.confirm")}
            invalid={tried && needsConfirm}
          />
          {tried && needsConfirm ? (
            <p role="alert" className="mt-1 text-red text-sm">
              {t("review.decision.confirmMissing")}
            </p>
          ) : null}
        </div>
      ) : null}
      {review.error ? <FailureNotice error={review.error} /> : null}
      <div className="z-1 -mx-4 flex flex-wrap items-center gap-2 border-t bg-surface px-4 py-2 lg:sticky lg:bottom-0">
        <Button
          type="submit"
          variant={verdict === "deny" ? "danger" : "primary"}
          loading={review.isPending || isChecking}
          disabled={verdict === null}
          className="flex-1"
        >
          <RecordLabel verdict={verdict} chosen={chosen.length} total={asked.length} result={result} />
        </Button>
        {request.may.includes("reclassify") ? <ReclassifyDialog request={request} /> : null}
      </div>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-sm max-lg:hidden">
        <Kbd>a</Kbd> {t("keyApprove")} <Kbd>c</Kbd> {t("keyChanges")} <Kbd>r</Kbd> {t("keyDeny")}
      </p>
      {address.next.length > 0 ? (
        <p className="text-faint text-sm">{t("review.decision.left", { count: address.next.length })}</p>
      ) : null}
    </form>
  );
}

type RecordLabelProps = { verdict: Verdict | null; chosen: number; total: number; result: number };

function RecordLabel({ verdict, chosen, total, result }: RecordLabelProps) {
  const t = useTranslations("requests.review.decision.record");
  if (verdict === null) return t("none");
  if (verdict === "deny") return t("deny");
  if (verdict === "request_changes") return t("changes");
  if (total === 0) return t("approveScope");
  if (result < chosen) return t("approveFewer", { result, total });
  return chosen === total ? t("approveAll", { total }) : t("approve", { chosen, total });
}
