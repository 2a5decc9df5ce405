import type { Tone } from "#components/ui/tone.ts";
import type { OutputOf } from "#lib/contract/index.ts";
import type { Request, RequestDetail } from "#lib/contract/requests.ts";

export type Tier = NonNullable<Request["tier"]>;
export type StageKind = Request["stages"][number]["kind"];
export type Effect = OutputOf<"tools.get">["effect"];
export type Classification = NonNullable<RequestDetail["classification"]>;

/** The colour of each state of a request. */
export const requestTone: Record<Request["state"], Tone> = {
  draft: "neutral",
  submitted: "blue",
  in_review: "blue",
  changes_requested: "amber",
  approved: "green",
  denied: "red",
  withdrawn: "grey",
  expired: "grey",
};

/** Whether a request still waits for somebody, so that its due time matters. */
export function isOpen(state: Request["state"]): boolean {
  return state === "submitted" || state === "in_review" || state === "changes_requested";
}

/** A classification's place; it is only ever raised. */
export const classifications: readonly Classification[] = ["public", "internal", "confidential", "restricted"];
