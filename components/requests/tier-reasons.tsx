"use client";
import { useTranslations } from "use-intl";
import type { Tier } from "#components/requests/request-words.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Preview } from "#lib/contract/requests.ts";

/** The tier as a word and every rule that raises it. */
export function TierReasons({ tier, why }: { tier: Tier; why: Preview["why"] }) {
  const t = useTranslations("requests");
  return (
    <div>
      <p className="font-medium text-ink">{t("form.next.tier", { tier: t(`tier.${tier}`) })}</p>
      {why.length === 0 ? <p className="text-muted">{t("form.next.noReason")}</p> : null}
      <ul className="flex flex-col gap-0.5 text-muted">
        {why.map(({ rule, raisesTo, detail }) => (
          <li key={`${rule} ${detail}`} className="flex min-w-0 items-start gap-2">
            <span className="w-14 shrink-0 text-faint">{t(`tier.${raisesTo}`)}</span>
            <Reason rule={rule} detail={detail} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Reason({ rule, detail }: { rule: string; detail: string }) {
  const t = useTranslations("requests.review.rule");
  const known = (["classification", "effects", "reach", "transport", "findings", "identity"] as const).find(
    (name) => name === rule,
  );
  return <UntrustedText text={known ? t(known, { detail }) : detail} collapseAfter={400} />;
}
