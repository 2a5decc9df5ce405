"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import type { Agent } from "#lib/contract/agents.ts";

const tones: Record<Agent["status"], Tone> = { active: "green", suspended: "amber", retired: "grey" };

/** The state of an agent as word, icon and colour. */
export function AgentStatus({ status, plain = false }: { status: Agent["status"]; plain?: boolean }) {
  const t = useTranslations("inventory.status");
  return (
    <StateChip tone={tones[status]} plain={plain}>
      {t(status)}
    </StateChip>
  );
}
