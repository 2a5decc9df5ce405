import type { JsonObject } from "#lib/core/canonical.ts";
import { answerFor, type ReasonCode } from "#lib/core/decision/reasons.ts";

/** Why the gateway refuses a request for reasons of its own, beside the reasons of a decision. */
export type GatewayReason =
  | "arguments_invalid"
  | "schema_unusable"
  | "clock_skew"
  | "policy_unconfirmed"
  | "recorder_full"
  | "recorder_failed"
  | "too_many_calls"
  | "upstream_unverified"
  | "upstream_failed"
  | "outcome_unrecorded"
  | "cancelled"
  | "method_not_found"
  | "request_state_invalid"
  | "question_refused"
  | "shutting_down";

export type RefusalReason = Exclude<ReasonCode, "permitted"> | GatewayReason;

/** What a refused request is answered: `http` for a refused connection, `rpc` inside of a session. */
export type Refusal = { reason: string; http: number; rpc: number; message: string; whatToDo: string };

type Row = readonly [http: number, rpc: number, message: string, whatToDo: string];

/** Codes of our own stand outside -32768..-32000, as MCP 2026-07-28 asks for and JSON-RPC 2.0 section 5.1 reserves. */
const table: Readonly<Record<GatewayReason, Row>> = {
  arguments_invalid: [400, -32602, "The arguments do not fit the tool's input schema.", "Correct the named arguments."],
  schema_unusable: [
    403,
    40300,
    "The tool's input schema cannot be used to check arguments.",
    "Ask the connector's owner to have a corrected definition reviewed.",
  ],
  clock_skew: [503, 50300, "The gateway's clock is off.", "Try again later; an operator has to set the clock."],
  policy_unconfirmed: [503, 50300, "The gateway cannot confirm what is allowed.", "Try again in a few seconds."],
  recorder_full: [503, 50300, "The gateway cannot record more calls at present.", "Try again in a few seconds."],
  recorder_failed: [503, 50300, "The call could not be recorded and was not made.", "Try again in a few seconds."],
  too_many_calls: [
    429,
    42900,
    "Too many calls of this agent are under way.",
    "Wait for calls to finish, then try again.",
  ],
  upstream_unverified: [
    502,
    50200,
    "The server could not be compared with what was approved.",
    "Try again later; ask the connector's owner whether the server runs.",
  ],
  upstream_failed: [
    502,
    50200,
    "The server did not answer as it should.",
    "The call may have taken effect; check before you repeat it.",
  ],
  outcome_unrecorded: [
    500,
    50001,
    "The call was made, but its outcome could not be recorded, so its result is withheld.",
    "Check whether it took effect before you repeat it.",
  ],
  cancelled: [499, 49900, "The call was cancelled.", "It may have taken effect; check before you repeat it."],
  method_not_found: [404, -32601, "This method is not offered.", "Use tools/list and tools/call."],
  request_state_invalid: [
    400,
    -32602,
    "The requestState is not one that was given to this agent for this call, or it is too old.",
    "Make the call again without requestState and inputResponses.",
  ],
  question_refused: [
    502,
    50200,
    "The server asked for something that is not passed on: anything but elicitation, a secret by form, or an address without https.",
    "Ask the connector's owner whether the server can do without.",
  ],
  shutting_down: [503, 50300, "The gateway is stopping.", "Try again in a few seconds."],
};

/** The answer for a reason. What must not be told apart (unknown and not granted) has one answer. */
export function refusalFor(reason: RefusalReason): Refusal {
  if (Object.hasOwn(table, reason)) {
    const [http, rpc, message, whatToDo] = table[reason as GatewayReason];
    return { reason, http, rpc, message, whatToDo };
  }
  const { code, http, rpc, sentence, whatToDo } = answerFor(reason as ReasonCode);
  return { reason: code, http, rpc, message: sentence, whatToDo };
}

/** Who was refused what: the address of the endpoint (not an id, which would tell what exists) and the tool, as asked for. */
export type Wanted = { agentId: string; slug: string | null; tool: string | null };

/** Refusals that a new grant ends. The others are somebody's stop, a limit, or nobody's to grant. */
const curedByGrant: ReadonlySet<string> = new Set<RefusalReason>([
  "no_grant",
  "version_superseded",
  "grant_revoked",
  "grant_expired",
  "action_not_granted",
  "argument_out_of_scope",
]);

/**
 * The `data` of a JSON-RPC error that refuses: machine-readable reason, a sentence, what to do, the id under which it is recorded
 * and, where a grant would help, the console's page that asks for it, filled in.
 */
export function refusalData(
  { reason, message, whatToDo }: Refusal,
  decisionId: string | null,
  webUrl: string,
  { agentId, slug, tool }: Wanted,
  more: JsonObject = {},
): JsonObject {
  const known = { ...(slug === null ? {} : { connectorId: slug }), agentId, ...(tool === null ? {} : { tool }) };
  const query = new URLSearchParams({ kind: "grant", ...known });
  const requestAccess = `${webUrl}/requests/new?${query}`;
  return { reason, message, whatToDo, decisionId, ...(curedByGrant.has(reason) ? { requestAccess } : {}), ...more };
}
