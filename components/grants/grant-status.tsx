"use client";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import type { Grant } from "#lib/contract/grants.ts";

const tones: Record<Grant["status"], Tone> = { pending: "blue", active: "green", expired: "grey", revoked: "red" };

/** The state of a grant as word, icon and colour. */
export function GrantStatus({ status, plain = false }: { status: Grant["status"]; plain?: boolean }) {
  const t = useTranslations("access.grant.status");
  return (
    <StateChip tone={tones[status]} plain={plain}>
      {t(status)}
    </StateChip>
  );
}
