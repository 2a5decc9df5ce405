"use client";
import Check from "lucide-react/icons/check";
import CircleSlash from "lucide-react/icons/circle-slash";
import X from "lucide-react/icons/x";
import { useFormatter, useTranslations } from "use-intl";
import { Facts } from "#components/ui/facts.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { type Finding, packChecks } from "#lib/core/pack/finding.ts";
import type { PackVerdict } from "#lib/core/pack/verify.ts";

const look = {
  passed: { Icon: Check, text: "text-green" },
  failed: { Icon: X, text: "text-red" },
  skipped: { Icon: CircleSlash, text: "text-grey" },
} as const;

/** The verdict on a pack, every check in words, and where something is wrong. */
export function PackReport({ name, answer }: { name: string; answer: PackVerdict }) {
  const t = useTranslations("evidence.verify");
  const { verdict, checks, findings } = answer;
  const tone =
    verdict === "verified" ? "green" : verdict === "UNVERIFIABLE" || verdict === "MALFORMED" ? "amber" : "red";
  return (
    <div className="flex flex-col gap-4" role="status">
      <Notice
        tone={tone}
        title={
          <>
            {t(`verdict.${verdict}`)} ·{" "}
            <UntrustedText text={name} inline className="inline-block! max-w-full align-bottom" />
          </>
        }
      >
        {t(`verdictBody.${verdict}`)}
      </Notice>
      {findings.length > 0 ? <Findings findings={findings} /> : null}
      <div className="grid gap-4 lg:grid-cols-2">
        <section aria-label={t("checks")}>
          <h3 className="mb-2 font-medium text-ink text-sm">{t("checks")}</h3>
          <ul className="flex flex-col gap-1 text-sm">
            {packChecks.map((check) => {
              const { Icon, text } = look[checks[check]];
              return (
                <li key={check} className="flex items-start gap-2 text-ink">
                  <Icon size={15} aria-hidden className={`mt-0.5 shrink-0 ${text}`} />
                  <span>
                    {t(`check.${check}`)} <span className={text}>{t(`state.${checks[check]}`)}</span>
                  </span>
                </li>
              );
            })}
          </ul>
        </section>
        <About answer={answer} />
      </div>
    </div>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const t = useTranslations("evidence.verify");
  return (
    <section aria-label={t("findings", { count: findings.length })}>
      <h3 className="mb-2 font-medium text-ink text-sm">{t("findings", { count: findings.length })}</h3>
      <ul className="flex max-h-96 flex-col divide-y overflow-y-auto rounded-md border">
        {findings.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two findings may be alike, and the list never changes
          <li key={index} className="flex flex-col gap-0.5 px-3 py-2 text-sm">
            <span className="font-medium text-red">{t(`verdict.${finding.fault}`)}</span>
            <UntrustedText text={finding.detail} className="text-ink" />
            {finding.path === null ? null : (
              <UntrustedText text={t("where", { path: finding.path })} inline mono className="text-muted" />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function About({ answer: { manifest, verdict } }: { answer: PackVerdict }) {
  const t = useTranslations("evidence.verify");
  const format = useFormatter();
  if (manifest === null) return null;
  const { tree } = manifest;
  return (
    <section aria-label={t("about")}>
      <h3 className="mb-2 font-medium text-ink text-sm">{t("about")}</h3>
      {verdict === "verified" ? null : <p className="mb-2 text-amber text-sm">{t("claimed")}</p>}
      <Facts
        facts={[
          { id: "pack", term: t("pack"), value: <ShortId value={manifest.packId} name={t("pack")} head={16} /> },
          {
            id: "period",
            term: t("period"),
            value: <UntrustedText text={`${manifest.period.from} – ${manifest.period.to}`} />,
          },
          { id: "origin", term: t("origin"), value: <UntrustedText text={manifest.logOrigin} inline mono /> },
          {
            id: "entries",
            term: t("entries"),
            value: format.number(tree.toIndex - tree.fromIndex),
            note: `${format.number(tree.fromIndex)} – ${format.number(tree.toIndex)} / ${format.number(tree.size)}`,
          },
          { id: "generated", term: t("generated"), value: <UntrustedText text={manifest.generatedAt} /> },
          ...(manifest.exclusions.length === 0
            ? []
            : [{ id: "leftOut", term: t("leftOut"), value: <UntrustedText text={manifest.exclusions.join("\n")} /> }]),
        ]}
      />
    </section>
  );
}
