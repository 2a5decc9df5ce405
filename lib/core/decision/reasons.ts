/** Every reason a decision can have. `permitted` is the only one that lets a call through. */
export type ReasonCode =
  | "permitted"
  | "unknown_agent"
  | "agent_suspended"
  | "agent_retired"
  | "key_revoked"
  | "no_grant"
  | "effect_not_granted"
  | "connector_suspended"
  | "connector_quarantined"
  | "approval_expired"
  | "tool_quarantined"
  | "tool_removed"
  | "tool_not_approved"
  | "agent_not_allowed"
  | "version_superseded"
  | "grant_revoked"
  | "grant_expired"
  | "grant_not_started"
  | "action_not_granted"
  | "argument_out_of_scope"
  | "rate_limited"
  | "approval_required";

/**
 * What a reason means. `http` is the status for a refused connection or token; a refused call is a JSON-RPC error with `rpc`
 * (codes of our own stand outside -32768..-32000; -32602 is MCP's answer to a name that does not exist).
 * `isListed`: whether a tool refused for this reason still stands in lists, because the agent's access to it is not what is missing.
 */
export type Reason = {
  readonly http: number;
  readonly rpc: number;
  readonly isListed: boolean;
  readonly sentence: string;
  readonly whatToDo: string;
};

/** What an agent is told about a refusal. */
export type Answer = Reason & { readonly code: ReasonCode };

/** The closed table of reasons. */
export const REASONS: Readonly<Record<ReasonCode, Reason>> = {
  permitted: shown(200, 0, "A grant covers this call.", "Nothing."),
  unknown_agent: hidden(401, 40100, "This agent is not registered.", "Register the agent, then obtain a new token."),
  agent_suspended: hidden(403, 40300, "This agent is suspended.", "Ask the agent's owner why it was suspended."),
  agent_retired: hidden(403, 40300, "This agent is retired.", "Register a new agent if one is still needed."),
  key_revoked: hidden(401, 40100, "The key behind this token is revoked.", "Ask the agent's owner for a current key."),
  no_grant: hidden(403, -32602, "No grant covers this, or it does not exist.", "Request access in the catalogue."),
  effect_not_granted: hidden(
    403,
    40300,
    "The grant does not cover tools with this effect.",
    "Request a grant that names this tool or includes its effect.",
  ),
  connector_suspended: hidden(
    403,
    40300,
    "The connector is not enabled at present.",
    "Ask the connector's owner when it will be back.",
  ),
  connector_quarantined: hidden(
    403,
    40300,
    "The connector is quarantined.",
    "Wait for the security review; its result is shown on the connector's page.",
  ),
  approval_expired: hidden(
    403,
    40300,
    "The approval of this connector has expired.",
    "Ask the connector's owner to have it reviewed again.",
  ),
  tool_quarantined: hidden(
    403,
    40300,
    "The tool is quarantined, because it is not what was approved.",
    "Wait for the review of its changed definition.",
  ),
  tool_removed: hidden(403, 40300, "The server no longer offers this tool.", "Use another tool of this connector."),
  tool_not_approved: hidden(
    403,
    40300,
    "The tool was not among those approved.",
    "Request a review of this tool, or use an approved one.",
  ),
  agent_not_allowed: hidden(
    403,
    40300,
    "The approval of this connector does not allow this agent.",
    "Ask the connector's owner to have the condition reviewed.",
  ),
  version_superseded: hidden(
    403,
    40300,
    "The grant is for an earlier version of this connector.",
    "Request a grant for the current version.",
  ),
  grant_revoked: hidden(403, 40300, "The grant was revoked.", "Ask the connector's owner, or request access again."),
  grant_expired: hidden(403, 40300, "The grant has expired.", "Request an extension."),
  grant_not_started: hidden(403, 40300, "The grant is not active yet.", "Try again when it has started."),
  action_not_granted: shown(
    403,
    40300,
    "The grant does not include this action.",
    "Request a grant that includes the action.",
  ),
  argument_out_of_scope: shown(
    403,
    40300,
    "An argument is outside of what the grant allows.",
    "Change the named argument, or request a wider grant.",
  ),
  rate_limited: shown(429, 42900, "The grant's rate is used up.", "Try again later."),
  approval_required: shown(
    403,
    40300,
    "This tool needs a person's approval for each call.",
    "Calls of this tool cannot be released yet; use another tool.",
  ),
};

/**
 * The reason as the agent may hear it. A tool outside of an effect grant is told as one that does not exist,
 * so that nobody can find out names by asking.
 */
export function answerFor(reason: ReasonCode): Answer {
  const code = reason === "effect_not_granted" ? "no_grant" : reason;
  return { code, ...REASONS[code] };
}

function shown(http: number, rpc: number, sentence: string, whatToDo: string): Reason {
  return { http, rpc, isListed: true, sentence, whatToDo };
}

function hidden(http: number, rpc: number, sentence: string, whatToDo: string): Reason {
  return { http, rpc, isListed: false, sentence, whatToDo };
}
