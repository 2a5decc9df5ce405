"use client";
import Check from "lucide-react/icons/check";
import CircleSlash from "lucide-react/icons/circle-slash";
import ShieldCheck from "lucide-react/icons/shield-check";
import X from "lucide-react/icons/x";
import { useState } from "react";
import { useTranslations } from "use-intl";
import {
  type EventProof as Proof,
  type ProofFault,
  proofSteps,
  verifyEvent,
} from "#components/activity/verify-event.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Field } from "#components/ui/field.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Notice } from "#components/ui/notice.tsx";
import { Section } from "#components/ui/section.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";

type EventProofProps = { event: OutputOf<"activity.get">; onLookAgain: () => void; isLooking: boolean };

/** The proof that an entry stands in the signed log, and its verification by this browser instead of by the server's word. */
export function EventProof({ event, onLookAgain, isLooking }: EventProofProps) {
  const t = useTranslations("activity.proof");
  const { proof } = event;
  return (
    <Section title={t("title")} description={t("lead")}>
      {proof === null ? (
        <Notice
          tone="amber"
          action={
            <Button loading={isLooking} onClick={onLookAgain}>
              {t("look")}
            </Button>
          }
        >
          {t("waiting")}
        </Notice>
      ) : (
        <div className="flex flex-col gap-4">
          <Facts
            facts={[
              {
                id: "place",
                term: t("place"),
                value: t("placeValue", { index: Number(proof.leafIndex) + 1, size: Number(proof.treeSize) }),
              },
              { id: "path", term: t("path"), value: proof.hashes.length },
            ]}
          />
          <Verification leaf={event.leaf} proof={proof} />
          <CodeBlock code={proof.checkpoint.trimEnd()} label={t("checkpoint")} />
        </div>
      )}
    </Section>
  );
}

function Verification({ leaf, proof }: { leaf: string; proof: Proof }) {
  const t = useTranslations("activity.proof");
  const me = useQueryFor("people.me", {});
  const mayReadKey = me.data?.roles.includes("auditor") === true;
  const log = useQueryFor("log.checkpoint", {}, { enabled: mayReadKey });
  const [kept, setKept] = useKept<string>("log key");
  const key = kept ?? "";
  const [outcome, setOutcome] = useState<{ fault: ProofFault; of: string } | null>(null);
  const isCurrent = outcome !== null && outcome.of === `${key} ${leaf} ${proof.checkpoint}`;

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(submit) => {
        submit.preventDefault();
        setOutcome({ fault: verifyEvent(leaf, proof, key), of: `${key} ${leaf} ${proof.checkpoint}` });
      }}
    >
      <Field label={t("key")} hint={log.data?.vkey === key && key !== "" ? t("keyServerNote") : t("keyHint")}>
        <Textarea
          mono
          rows={2}
          spellCheck={false}
          autoComplete="off"
          value={key}
          onChange={(change) => setKept(change.currentTarget.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          disabled={key.trim() === ""}
          icon={<ShieldCheck size={14} aria-hidden />}
        >
          {t("verify")}
        </Button>
        {log.data?.vkey && log.data.vkey !== key ? (
          <Button variant="ghost" onClick={() => setKept(log.data.vkey)}>
            {t("keyServer")}
          </Button>
        ) : null}
      </div>
      {isCurrent ? <Outcome fault={outcome.fault} proof={proof} /> : null}
    </form>
  );
}

function Outcome({ fault, proof }: { fault: ProofFault; proof: Proof }) {
  const t = useTranslations("activity.proof");
  const failedAt = fault === null ? proofSteps.length : proofSteps.indexOf(fault);
  return (
    <div role="status" className="flex flex-col gap-2">
      {fault === null ? (
        <Notice tone="green" title={t("verified")}>
          {t("verifiedBody", { index: Number(proof.leafIndex) + 1, size: Number(proof.treeSize) })}
        </Notice>
      ) : (
        <Notice tone="red" title={t("failed")}>
          {t("failedBody")}
        </Notice>
      )}
      <ol className="flex flex-col gap-1 text-sm">
        {proofSteps.map((step, index) => (
          <li key={step} className="flex items-start gap-2 text-ink">
            {index < failedAt ? (
              <Check size={15} aria-hidden className="mt-0.5 shrink-0 text-green" />
            ) : index === failedAt ? (
              <X size={15} aria-hidden className="mt-0.5 shrink-0 text-red" />
            ) : (
              <CircleSlash size={15} aria-hidden className="mt-0.5 shrink-0 text-grey" />
            )}
            <span>
              {t(`step.${step}`)}
              {index === failedAt ? <span className="text-red"> – {t("failed")}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
