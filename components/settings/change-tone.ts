import type { Tone } from "#components/ui/tone.ts";
import type { Change } from "#lib/contract/changes.ts";

/** How a change's state looks. */
export const changeTone: Record<Change["state"], Tone> = {
  proposed: "amber",
  confirmed: "green",
  rejected: "red",
  expired: "grey",
};
