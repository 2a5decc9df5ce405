import type { OutputOf } from "#lib/contract/index.ts";
import type { AgentIdentity } from "#lib/demo/agent.ts";
import type { People } from "#lib/demo/people.ts";
import type { Steps } from "#lib/demo/play/steps.ts";

/** What the chapters of the play share: who plays, and names that no earlier play on the same instance used. */
export type Stage = Steps & {
  people: People;
  /** Appended to every short name. */
  suffix: string;
  /** When the play began, ISO 8601. */
  startedAt: string;
};

/** What the request was about, as later chapters need it. */
export type Requested = { requestId: string; connectorId: string; slug: string; url: string };

/** The enabled connector with what its review allows. */
export type Reviewed = Requested & { endpoint: string; approved: string[]; held: string };

/** The agent with its two grants. */
export type Granted = Reviewed & {
  agent: AgentIdentity & { id: string };
  main: OutputOf<"grants.get">;
  other: OutputOf<"grants.get">;
};

/** The tools asked for: of these, security leaves one out and holds another. */
export const asked = ["echo", "get-env", "get-sum", "get-tiny-image", "gzip-file-as-resource"];
export const leftOut = "get-env";
export const held = "gzip-file-as-resource";
