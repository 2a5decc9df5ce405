"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import type { Connector } from "#lib/contract/connectors.ts";

const tones: Record<Connector["status"], Tone> = {
  requested: "blue",
  approved: "neutral",
  enabled: "green",
  suspended: "amber",
  quarantined: "red",
  retired: "grey",
};

/** The state of a connector as word, icon and colour. */
export function ConnectorStatus({ status, plain = false }: { status: Connector["status"]; plain?: boolean }) {
  const t = useTranslations("inventory.status");
  return (
    <StateChip tone={tones[status]} plain={plain}>
      {t(status)}
    </StateChip>
  );
}
