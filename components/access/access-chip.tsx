"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";

/** What a call would meet: permitted, depending on its arguments or a person, or nothing. */
export type AccessKind = "permit" | "conditional" | "none";

/** The marks of the matrix. */
export const accessMarks: Record<AccessKind, string> = { permit: "●", conditional: "◐", none: "–" };
const tones: Record<AccessKind, Tone> = { permit: "green", conditional: "amber", none: "neutral" };

/** Access as mark, word and colour. */
export function AccessChip({ access }: { access: AccessKind }) {
  const t = useTranslations("access.cell");
  return (
    <StateChip plain tone={tones[access]} icon={<span aria-hidden>{accessMarks[access]}</span>}>
      {t(access)}
    </StateChip>
  );
}
