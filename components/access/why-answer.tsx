"use client";
import Check from "lucide-react/icons/check";
import X from "lucide-react/icons/x";
import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { AccessError } from "#components/access/access-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import { CallArguments } from "#lib/contract/access.ts";
import type { OutputOf } from "#lib/contract/index.ts";

type WhyAnswerProps = { agentId: string; agentName: string; connectorId: string; tool: string };

/** The gateway's own answer for one agent and one tool: decision, reason, what to do, and the grants it looked at. */
export function WhyAnswer({ agentId, agentName, connectorId, tool }: WhyAnswerProps) {
  const t = useTranslations("access");
  const [asked, setAsked] = useState<string | null>(null);
  const input = { agentId, connectorId, tool, ...(asked === null ? {} : { arguments: asked }) };
  const { data, error, refetch } = useQueryFor("access.why", input);
  const isByArguments = asked !== null || data?.reason === "argument_out_of_scope";
  return (
    <div className="flex flex-col gap-3 p-2 text-sm">
      <div className="font-medium text-ink">
        <UntrustedText text={t("whyTitle", { agent: agentName, tool })} collapseAfter={200} />
      </div>
      {error ? (
        <AccessError error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Answer why={data} hasArguments={asked !== null} />
      ) : (
        <SkeletonText lines={5} />
      )}
      {isByArguments ? <AskWithArguments onAsk={setAsked} /> : null}
    </div>
  );
}

/** The same question for a call with certain arguments. */
function AskWithArguments({ onAsk }: { onAsk: (json: string) => void }) {
  const t = useTranslations("access");
  const [text, setText] = useState("");
  const [isRefused, setIsRefused] = useState(false);
  return (
    <form
      className="flex flex-col items-start gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        const isFit = CallArguments.safeParse(text).success;
        setIsRefused(!isFit);
        if (isFit) onAsk(text);
      }}
    >
      <Field label={t("whyWith")} error={isRefused ? t("whyWithRefused") : undefined} className="w-full">
        <Textarea mono value={text} onChange={(event) => setText(event.currentTarget.value)} placeholder="{}" />
      </Field>
      <Button type="submit">{t("whyWithAsk")}</Button>
    </form>
  );
}

function Answer({ why, hasArguments }: { why: OutputOf<"access.why">; hasArguments: boolean }) {
  const t = useTranslations("access");
  // Asked without arguments, a grant that limits them answers with the limit that it would look at.
  const byArguments = why.reason === "argument_out_of_scope" && !hasArguments;
  const isConditional = byArguments || why.reason === "rate_limited" || why.reason === "approval_required";
  return (
    <>
      <div className="flex flex-col gap-1">
        <StateChip tone={why.effect === "permit" ? "green" : isConditional ? "amber" : "red"} className="self-start">
          {t(why.effect === "permit" ? "whyPermit" : isConditional ? "whyConditional" : "whyDeny")}
        </StateChip>
        <UntrustedText text={byArguments ? t("whyArguments") : why.message} className="text-ink" />
        <span className="font-mono text-faint">{why.reason}</span>
      </div>
      {why.effect === "deny" && !byArguments ? (
        <Part title={t("whatToDo")}>
          <p className="text-muted">{why.whatToDo}</p>
        </Part>
      ) : null}
      {why.conditions.length > 0 ? (
        <Part title={t("conditions")}>
          <ul className="flex flex-col gap-1 text-muted">
            {why.conditions.map((condition) => (
              <li key={condition}>
                <UntrustedText text={condition} collapseAfter={300} />
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
      <Part title={t("trace")}>
        {why.trace.length === 0 ? (
          <p className="text-muted">{t("traceNone")}</p>
        ) : (
          <ul className="flex flex-col divide-y rounded-md border">
            {why.trace.map((step) => (
              <li key={step.grantId} className="flex gap-2 px-2 py-1.5">
                <span className={step.matched ? "mt-0.75 text-green" : "mt-0.75 text-faint"}>
                  {step.matched ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
                  <span className="sr-only">{t(step.matched ? "matched" : "unmatched")}</span>
                </span>
                <span className="min-w-0 flex-1">
                  <UntrustedText text={step.why} className="text-ink" />
                  <Link
                    href={`/grants/${step.grantId}` as Route}
                    className="rounded-sm text-accent-ink underline-offset-2 hover:underline"
                  >
                    {t("openGrant")} <span className="font-mono">{step.grantId.slice(0, 12)}…</span>
                  </Link>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-faint">{title}</h3>
      {children}
    </div>
  );
}
