"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Finding } from "#lib/contract/probes.ts";

const tone: Record<Finding["severity"], Tone> = { high: "red", medium: "amber", low: "neutral", info: "neutral" };
const order: readonly Finding["severity"][] = ["high", "medium", "low", "info"];
const shownAtFirst = 6;

/** Findings, worst first: what it is, where, the evidence as text, what to do. `withPlace` false beside the thing itself. */
export function FindingList({ findings, withPlace = true }: { findings: readonly Finding[]; withPlace?: boolean }) {
  const t = useTranslations("requests");
  const [isOpen, setIsOpen] = useState(false);
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const shown = isOpen ? sorted : sorted.slice(0, shownAtFirst);
  return (
    <>
      <ul className="flex flex-col divide-y">
        {shown.map((finding) => (
          <li
            key={`${finding.code} ${finding.where.kind} ${finding.where.name} ${finding.where.path} ${finding.evidence}`}
            className="flex min-w-0 flex-col gap-1 py-3 first:pt-0 last:pb-0"
          >
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <StateChip tone={tone[finding.severity]}>{t(`severity.${finding.severity}`)}</StateChip>
              <span className="font-medium text-ink text-sm">
                <FindingTitle code={finding.code} />
              </span>
              {withPlace ? <Place where={finding.where} /> : null}
            </div>
            {finding.evidence === "" ? null : (
              <blockquote className="border-l-2 pl-3 text-muted text-sm">
                <UntrustedText text={finding.evidence} mono collapseAfter={240} />
              </blockquote>
            )}
            <p className="prose-width text-ink text-sm">{finding.whatToDo}</p>
          </li>
        ))}
      </ul>
      {sorted.length > shownAtFirst && !isOpen ? (
        <Button variant="ghost" className="mt-2" onClick={() => setIsOpen(true)}>
          {t("review.findings.showAll", { count: sorted.length })}
        </Button>
      ) : null}
    </>
  );
}

function FindingTitle({ code }: { code: string }) {
  const t = useTranslations("requests.review.findings.code");
  const known = code as Parameters<typeof t.has>[0];
  return t.has(known) ? t(known) : code.replaceAll("_", " ");
}

function Place({ where }: { where: Finding["where"] }) {
  const t = useTranslations("requests.review.findings");
  return (
    <span className="flex min-w-0 max-w-full items-baseline gap-1.5 text-faint text-sm">
      {where.kind === "server" ? t("server") : <UntrustedText text={where.name} inline mono className="text-muted" />}
      {where.path === "" ? null : <UntrustedText text={where.path} inline mono />}
    </span>
  );
}
