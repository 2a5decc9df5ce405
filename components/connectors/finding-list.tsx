"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Finding } from "#lib/contract/probes.ts";

const tones: Record<Finding["severity"], Tone> = { info: "neutral", low: "neutral", medium: "amber", high: "red" };
const order = { high: 0, medium: 1, low: 2, info: 3 } as const;

/** What an inspection found: how bad, where, the evidence as text, what to do. Worst first. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const t = useTranslations("inventory");
  if (findings.length === 0) return <p className="px-4 py-3 text-faint text-sm">{t("connectors.findingsNone")}</p>;
  const sorted = [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
  return (
    <ul className="divide-y text-sm">
      {sorted.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of one version never change and have no id
        <li key={index} className="flex flex-col gap-1.5 px-4 py-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StateChip plain tone={tones[finding.severity]}>
              {t(`severity.${finding.severity}`)}
            </StateChip>
            <span className="font-medium text-ink">{sentenceCase(finding.code)}</span>
            <span className="min-w-0 text-faint">
              <UntrustedText
                inline
                mono
                text={[finding.where.kind, finding.where.name, finding.where.path].filter(Boolean).join(" ")}
              />
            </span>
          </div>
          <UntrustedText
            text={finding.evidence}
            mono
            collapseAfter={300}
            className="rounded-sm bg-subtle px-2 py-1 text-muted"
          />
          <p className="prose-width text-muted">
            <span className="text-faint">{t("connectors.whatToDo")}: </span>
            {finding.whatToDo}
          </p>
        </li>
      ))}
    </ul>
  );
}

function sentenceCase(code: string): string {
  const words = code.replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
