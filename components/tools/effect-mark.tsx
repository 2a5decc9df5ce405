"use client";
import { useTranslations } from "use-intl";
import type { Tool } from "#lib/contract/tools.ts";

const marks: Record<Tool["effect"], string> = { read: "○", write: "◐", destructive: "●", unknown: "?" };

/** What a tool does to the world, as mark and word. */
export function EffectMark({ effect }: { effect: Tool["effect"] }) {
  const t = useTranslations("inventory.effect");
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className="w-3 text-center text-ink">
        {marks[effect]}
      </span>
      {t(effect)}
    </span>
  );
}
