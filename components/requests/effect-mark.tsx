"use client";
import { useTranslations } from "use-intl";
import type { Effect } from "#components/requests/request-words.ts";

const sign: Record<Effect, string> = { read: "○", write: "◐", destructive: "●", unknown: "?" };

/** What a call can do, as sign and word; `bare` shows the sign alone, where a legend or a column says the word. */
export function EffectMark({ effect, bare = false }: { effect: Effect; bare?: boolean }) {
  const t = useTranslations("requests");
  return (
    <span title={t(`effectMeaning.${effect}`)} className="inline-flex items-baseline gap-1.5 whitespace-nowrap text-sm">
      <span aria-hidden className="inline-block w-3 text-center text-ink">
        {sign[effect]}
      </span>
      <span className={bare ? "sr-only" : effect === "read" ? "text-muted" : "text-ink"}>{t(`effect.${effect}`)}</span>
    </span>
  );
}
