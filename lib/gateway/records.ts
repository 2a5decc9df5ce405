import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import type { CompiledConnector, CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import type { EventRow, SidePayload } from "#lib/gateway/store/recorder.ts";
import { newId } from "#lib/platform/id.ts";

/** A call on its way: what its intent and its outcome have in common. */
export type CallRecord = {
  callId: string;
  agentId: string;
  connector: CompiledConnector;
  tool: CompiledTool;
  grantId: string;
};

/** What an intent says beyond its call. `shape` is canonical JSON. `trace` is a W3C traceparent or null. */
export type IntentFacts = {
  commitment: string;
  argumentBytes: number;
  shape: string;
  /** Null in the stateless era. */
  sessionId: string | null;
  tokenId: string;
  trace: string | null;
  epoch: number;
  policyVersion: string;
  payload: SidePayload | null;
};

/** How a call ended. `bytes` and `commitment` are of the result; null where none arrived. */
export type OutcomeFacts = {
  status: "ok" | "tool_error" | "upstream_error" | "cancelled" | "unknown";
  /** Further detail from a closed list, such as the kind of network failure; null for none. */
  detail: string | null;
  latencyMs: number;
  bytes: number | null;
  commitment: string | null;
  payload: SidePayload | null;
};

/**
 * The row of `call.intent`. Its leaf is put together from canonical parts, with members in the order of RFC 8785
 * (a test compares with `leafBytes`): this is the hot path.
 * @param now database clock, milliseconds
 */
export function intentRow(call: CallRecord, facts: IntentFacts, now: number): EventRow {
  const { connector, tool, callId, grantId } = call;
  const data =
    `{"arguments":{"bytes":${facts.argumentBytes},"commitment":"${facts.commitment}","shape":${facts.shape}},` +
    `"callId":"${callId}","decision":"permit","grantId":${quote(grantId)},"policy":{"epoch":${facts.epoch},"version":${quote(facts.policyVersion)}},` +
    `"sessionId":${facts.sessionId === null ? "null" : quote(facts.sessionId)},"target":${tool.reference},"tokenId":${quote(facts.tokenId)},` +
    `"trace":${facts.trace === null ? "null" : quote(facts.trace)},"versionDigest":${quote(connector.versionDigest)}}`;
  const row = callRow("call.intent", call, data, now);
  row.decision = "permit";
  row.reason = "permitted";
  row.epoch = facts.epoch;
  row.payload = facts.payload;
  return row;
}

/** The row of `call.outcome`. */
export function outcomeRow(call: CallRecord, facts: OutcomeFacts, now: number): EventRow {
  const data =
    `{"callId":"${call.callId}","detail":${facts.detail === null ? "null" : quote(facts.detail)},"latencyMs":${Math.round(facts.latencyMs)},` +
    `"result":${facts.commitment === null ? "null" : `{"bytes":${facts.bytes},"commitment":"${facts.commitment}"}`},` +
    `"status":"${facts.status}","toolId":${quote(call.tool.id)}}`;
  const row = callRow("call.outcome", call, data, now);
  row.reason = facts.status;
  row.payload = facts.payload;
  return row;
}

function callRow(type: EventType, call: CallRecord, data: string, now: number): EventRow {
  const { agentId, connector, tool, grantId, callId } = call;
  const id = newId("evt");
  const time = isoTime(now);
  const subjects = [agentId, connector.id, grantId, tool.id];
  // the prefixes of ids bring them in order
  if (!(agentId < connector.id && connector.id < grantId && grantId < tool.id)) subjects.sort();
  const leaf =
    `{"data":${data},"id":"${id}","principal":{"id":${quote(agentId)},"kind":"agent"},"subjects":${JSON.stringify(subjects)},` +
    `"time":"${time}","type":"${type}","v":1}`;
  return {
    id,
    type,
    time,
    principalKind: "agent",
    principalId: agentId,
    subjects,
    leaf,
    callId,
    connectorId: connector.id,
    agentId,
    tool: tool.name,
    decision: null,
    reason: null,
    grantId,
    epoch: null,
    payload: null,
  };
}

/** The row of any other event of the gateway, off the hot path. Columns beyond the leaf's own come in `columns`. */
export function eventRow(
  type: EventType,
  principal: { kind: "agent" | "service" | "anonymous"; id: string },
  subjects: readonly string[],
  data: JsonObject,
  now: number,
  columns: Partial<EventRow> = {},
): EventRow {
  const id = newId("evt");
  const time = isoTime(now);
  const sorted = [...new Set(subjects)].sort();
  const leaf = canonicalize({ v: 1, id, type, time, principal: { ...principal }, subjects: sorted, data });
  return {
    id,
    type,
    time,
    principalKind: principal.kind,
    principalId: principal.id,
    subjects: sorted,
    leaf,
    callId: null,
    connectorId: null,
    agentId: principal.kind === "agent" ? principal.id : null,
    tool: null,
    decision: null,
    reason: null,
    grantId: null,
    epoch: null,
    payload: null,
    ...columns,
  };
}

/** Bounds of a shape, so that a leaf stays below its 65,535 bytes. */
const shapeLimits = { names: 100, nameLength: 100 } as const;

/**
 * The shape of arguments as canonical JSON: name and type of the members that the schema knows (names that it does not know may be
 * personal data and are counted only).
 * @param known the schema's property names, sorted
 */
export function argumentShape(args: JsonObject, known: readonly string[]): string {
  let text = "{";
  let shown = 0;
  for (const name of known) {
    if (!Object.hasOwn(args, name) || name.length > shapeLimits.nameLength) continue;
    if (shown === shapeLimits.names) break;
    text += `${shown === 0 ? "" : ","}${quote(name)}:"${kindOf(args[name])}"`;
    shown += 1;
  }
  return `{"members":${text}},"others":${Object.keys(args).length - shown}}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

let lastMs = Number.NaN;
let lastText = "";

/** ISO 8601 with milliseconds; many events share one. */
function isoTime(now: number): string {
  const whole = Math.floor(now);
  if (whole !== lastMs) {
    lastMs = whole;
    lastText = new Date(whole).toISOString();
  }
  return lastText;
}
