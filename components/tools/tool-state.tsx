"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";

/** Where a tool stands: what it is (quarantined, removed) before what was approved of it. `active` where approval is not known. */
export type ToolStanding = "approved" | "hold" | "not" | "quarantined" | "removed" | "active";

const tones: Record<ToolStanding, Tone> = {
  approved: "green",
  hold: "amber",
  not: "neutral",
  quarantined: "red",
  removed: "grey",
  active: "neutral",
};

/** The standing of a tool from its own state and the approval in force. */
export function standingOf(
  status: "active" | "quarantined" | "removed",
  { approved, hold }: { approved: boolean; hold: boolean },
): ToolStanding {
  if (status !== "active") return status;
  if (!approved) return "not";
  return hold ? "hold" : "approved";
}

/** The standing as word, icon and colour. */
export function ToolState({ standing, plain = false }: { standing: ToolStanding; plain?: boolean }) {
  const t = useTranslations("inventory.tool.state");
  return (
    <StateChip tone={tones[standing]} plain={plain}>
      {t(standing)}
    </StateChip>
  );
}
