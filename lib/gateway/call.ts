import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Denier } from "#lib/gateway/deny.ts";
import { type Enforcer, isPermitted, type Permit, type Refused } from "#lib/gateway/enforce.ts";
import type { Exchange } from "#lib/gateway/exchange.ts";
import { forwardedMessage, hasTwins } from "#lib/gateway/forwarded.ts";
import type { InFlight } from "#lib/gateway/in-flight.ts";
import { type InputRounds, passedCapabilities, type Round } from "#lib/gateway/input-required.ts";
import { isLogLevel, isWanted, type LogLevel } from "#lib/gateway/logging.ts";
import type { CallPayloads, Payloads } from "#lib/gateway/payload.ts";
import type { Recorder } from "#lib/gateway/recorder.ts";
import { argumentShape, type CallRecord, intentRow, type OutcomeFacts, outcomeRow } from "#lib/gateway/records.ts";
import type { RefusalReason } from "#lib/gateway/refusal.ts";
import type { Session } from "#lib/gateway/session.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { LiveCheck } from "#lib/gateway/upstream/live.ts";
import { type UpstreamAnswer, UpstreamFailure, type UpstreamLeg } from "#lib/gateway/upstream/upstream.ts";
import { readUse, resolveUse, type Use } from "#lib/gateway/uses.ts";
import { completed } from "#lib/mcp/hop.ts";
import { asksBack, missingCapability } from "#lib/mcp/http/envelope.ts";
import { type RpcMessage, resultText } from "#lib/mcp/json-rpc.ts";
import { newId } from "#lib/platform/id.ts";

/** The agent behind a request, as its token says. */
export type Caller = { agentId: string; keyId: string; tokenId: string; expiresAt: number };

/** A request to one connector, or to an agent's whole estate (`slug` is null). `session` is null in the stateless era. */
export type ToolsCall = {
  slug: string | null;
  session: Session | null;
  caller: Caller;
  request: Extract<RpcMessage, { kind: "request" }>;
  exchange: Exchange;
};

export type CallParts = {
  keeper: PolicyKeeper;
  enforcer: Enforcer;
  recorder: Recorder;
  rounds: InputRounds;
  payloads: Payloads;
  live: LiveCheck;
  inFlight: InFlight;
  deny: Denier;
  legOf: (target: Target) => UpstreamLeg;
};

/** A call whose intent is durable. */
type OpenCall = CallRecord & { kept: CallPayloads };

/** The policy may change while a call is decided; after so many changes in a row the call is refused. */
const decisionsMax = 5;
const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * One use of a tool, resource or prompt: decide, compare the live definition when the last look is too old, write the intent (refused while the policy
 * is another one than decided by), forward, write the outcome, answer. Nothing is forwarded without a durable intent.
 */
export function createCaller(parts: CallParts): (call: ToolsCall) => Promise<void> {
  const { keeper, enforcer, recorder, rounds, payloads, live, inFlight, deny, legOf } = parts;

  async function callTool(call: ToolsCall): Promise<void> {
    const { caller, request } = call;
    const slug = call.slug ?? "";
    const wanted = readUse(request.method, request.params);
    if (wanted === null) return refuse(call, "arguments_invalid");
    const use = resolveUse(wanted, keeper.current()?.snapshot.connectors.get(slug));
    const { name, args } = use;
    if (hasTwins(args)) return refuse(call, "arguments_invalid", name);
    const ask = { agentId: caller.agentId, keyId: caller.keyId, slug, use };

    let counted: string | null = null;
    for (let decisions = 1; decisions <= decisionsMax; decisions += 1) {
      const verdict: Permit | Refused = enforcer.enforce(ask, counted);
      if (verdict.kind === "refused") return deny.call(call, verdict, name);
      counted = verdict.grantId;
      const target = verdict.policy.targets.get(verdict.connector.id);
      if (target === undefined) return refuse(call, "upstream_unverified", name);
      if (!live.isFresh(target)) {
        if (!(await isVerified(target))) return refuse(call, "upstream_unverified", name, verdict);
        // the comparison may have taken long enough for the decision to be another
        continue;
      }
      const sent = withAnswers(call, use, verdict);
      if (sent === null) return refuse(call, "request_state_invalid", name, verdict);
      const fault = live.fault(target, verdict.tool);
      if (fault !== null) return refuse(call, fault, name, verdict);
      const inUse = inFlight.begin(call, use);
      if (inUse === "too_many") return refuse(call, "too_many_calls", name, verdict);
      try {
        const record = await writeIntent(call, verdict, committed(sent));
        if (typeof record === "object") return await forward(call, sent, target, record, inUse.signal, verdict.policy);
        if (record !== "stale") {
          return refuse(call, record === "full" ? "recorder_full" : "recorder_failed", name, verdict);
        }
      } finally {
        inUse.end();
      }
      await keeper.refresh();
    }
    return refuse(call, "policy_unconfirmed", name);
  }

  function refuse(call: ToolsCall, reason: RefusalReason, name: string | null = null, verdict?: Permit): void {
    deny.forReason(call, reason, name, verdict ?? null);
  }

  async function isVerified(target: Target): Promise<boolean> {
    try {
      await live.check(target);
      return live.isFresh(target);
    } catch (error) {
      if (error instanceof UpstreamFailure) return false;
      throw error;
    }
  }

  async function writeIntent(
    { session, caller, request }: ToolsCall,
    { policy, connector, tool, grantId, properties, now }: Permit,
    args: ReturnType<typeof Object.fromEntries>,
  ): Promise<OpenCall | "stale" | "full" | "failed"> {
    const callId = newId("cal");
    const kept = payloads(callId, tool.effect !== "read");
    const record = { callId, agentId: caller.agentId, connector, tool, grantId, kept };
    const { commitment, payload } = kept.commit("arguments", args);
    const meta = request.params?._meta;
    const trace = isJsonObject(meta) ? meta.traceparent : undefined;
    const row = intentRow(
      record,
      {
        commitment,
        argumentBytes: request.bytes,
        shape: argumentShape(args, properties),
        sessionId: session?.recordId ?? null,
        tokenId: caller.tokenId,
        trace: typeof trace === "string" && traceparent.test(trace) ? trace : null,
        epoch: policy.snapshot.epoch,
        policyVersion: policy.snapshot.policyVersion,
        payload,
      },
      now,
    );
    const written = await recorder.intent(row);
    return written === "written" ? record : written;
  }

  async function forward(
    call: ToolsCall,
    use: Use,
    target: Target,
    record: OpenCall,
    signal: AbortSignal,
    decidedBy: Policy,
  ): Promise<void> {
    const { exchange, caller } = call;
    const request = forwardedMessage(call.request, use);
    const started = performance.now();
    let answer: UpstreamAnswer;
    try {
      const onProgress = (text: string) => exchange.message(text);
      answer = await legOf(target).call(target, {
        request,
        tool: record.tool,
        agentId: caller.agentId,
        signal,
        ...(call.session === null ? { capabilities: passedCapabilities(declared(call)) } : {}),
        mayGo: () => mayGo(call, use, decidedBy),
        onProgress,
        onLog: (message) => {
          const least = logLevelOf(call);
          if (least !== null && isWanted(message.params?.level, least)) exchange.message(message.text);
        },
      });
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      const facts = { ...nothing, status: statusOf(error), detail: error.code, latencyMs: performance.now() - started };
      const written = await recorder.outcome(outcomeRow(record, facts, keeper.now()));
      const reason = error.code === "cancelled" ? "cancelled" : "upstream_failed";
      return deny.answer(call, written === "written" ? reason : "outcome_unrecorded", record.callId, {
        callId: record.callId,
        detail: error.code,
      });
    }
    const row = outcomeRow(record, outcomeOf(record, answer, performance.now() - started), keeper.now());
    if ("result" in answer.answer && asksBack(answer.answer.result))
      return askBack(call, use, record, answer.answer.result, row);
    const status = statusFor(call, answer);
    if (record.tool.effect === "read" && status === 200) {
      recorder.later(row);
      return exchange.finish(inEra(call, answer));
    }
    const written = await recorder.outcome(row);
    if (written === "written" && status !== "not_theirs") return exchange.finish(inEra(call, answer), status);
    if (written === "written") return deny.answer(call, "question_refused", record.callId, { callId: record.callId });
    return deny.answer(call, "outcome_unrecorded", record.callId, { callId: record.callId });
  }

  /** The use as it goes to the server, with the answers that a repeated call brings; null when its state is not one of ours for it. */
  function withAnswers(call: ToolsCall, use: Use, { connector, tool }: Permit): Use | null {
    if (use.answers === null) return use;
    if (call.session !== null) return { ...use, answers: null };
    const { inputResponses, requestState: sealed } = use.answers;
    const responses = inputResponses === undefined ? {} : { inputResponses };
    if (sealed === undefined) return { ...use, params: { ...use.params, ...responses } };
    const requestState = rounds.open(sealed, roundOf(call, use, tool.id, connector.versionDigest), keeper.now());
    return requestState === null ? null : { ...use, params: { ...use.params, ...responses, requestState } };
  }

  /** Passes a server's questions on, once their asking is recorded. */
  async function askBack(
    call: ToolsCall,
    use: Use,
    record: OpenCall,
    result: JsonValue,
    row: ReturnType<typeof outcomeRow>,
  ): Promise<void> {
    const { connector, tool } = record;
    const round = roundOf(call, use, tool.id, connector.versionDigest);
    const name = keeper.current()?.targets.get(connector.id)?.name ?? connector.slug;
    const asked = isJsonObject(result) ? rounds.pass(result, round, name, keeper.now()) : null;
    const written = await recorder.outcome(row);
    if (written !== "written") return deny.answer(call, "outcome_unrecorded", record.callId, { callId: record.callId });
    if (asked === null) return deny.answer(call, "question_refused", record.callId, { callId: record.callId });
    call.exchange.finish(resultText(call.request.id, asked));
  }

  /** What happened since the decision counts until the moment at which a message goes out, however long a handshake took. */
  function mayGo(call: ToolsCall, use: Use, decidedBy: Policy): boolean {
    if (keeper.refusal() !== null) return false;
    const policy = keeper.current();
    return policy !== null && (policy === decidedBy || isPermitted(policy.snapshot, call, use, keeper.now()));
  }

  function outcomeOf(record: OpenCall, { text, answer }: UpstreamAnswer, latencyMs: number): OutcomeFacts {
    if ("error" in answer)
      return { ...nothing, status: "upstream_error", detail: `rpc ${answer.error.code}`, latencyMs };
    const { result } = answer;
    const status = isJsonObject(result) && result.isError === true ? "tool_error" : "ok";
    return { status, detail: null, latencyMs, bytes: Buffer.byteLength(text), ...record.kept.commit("result", result) };
  }

  return callTool;
}

function roundOf({ caller, request }: ToolsCall, { args }: Use, toolId: string, versionDigest: string): Round {
  return { agentId: caller.agentId, toolId, versionDigest, method: request.method, args };
}

/** What an intent commits to: the arguments, and with a repeated call the answers that it brings. */
function committed({ args, answers }: Use): JsonObject {
  return answers?.inputResponses === undefined ? args : { arguments: args, inputResponses: answers.inputResponses };
}

function declared({ request }: ToolsCall): JsonValue | undefined {
  const meta = request.params?._meta;
  return isJsonObject(meta) ? meta["io.modelcontextprotocol/clientCapabilities"] : undefined;
}

/**
 * The status of an answer. A missing capability (MCP 2026-07-28) is the caller's where it did not declare it; one that it declared and that
 * is not passed on is no fault of its own.
 */
function statusFor(call: ToolsCall, { answer }: UpstreamAnswer): 200 | 400 | "not_theirs" {
  if (!("error" in answer) || answer.error.code !== missingCapability) return 200;
  const { data } = answer.error;
  const required = isJsonObject(data) && isJsonObject(data.requiredCapabilities) ? data.requiredCapabilities : {};
  const theirs = declared(call);
  return isJsonObject(theirs) && Object.keys(required).some((name) => Object.hasOwn(theirs, name)) ? "not_theirs" : 400;
}

/** From which severity on an agent wants log messages; null for none. In the stateless era each request says so. */
function logLevelOf({ session, request }: ToolsCall): LogLevel | null {
  if (session !== null) return session.logLevel;
  const meta = request.params?._meta;
  const level = isJsonObject(meta) ? meta["io.modelcontextprotocol/logLevel"] : undefined;
  return isLogLevel(level) ? level : null;
}

/** Results of the stateless era say that they are complete. */
function inEra({ session }: ToolsCall, { text, answer }: UpstreamAnswer): string {
  return session === null && "result" in answer ? completed(text, answer.result) : text;
}

const nothing = { bytes: null, commitment: null, payload: null };

/** What is certain about a call without an answer: that it was not made, that somebody stopped it, or nothing. */
function statusOf({ code }: UpstreamFailure): OutcomeFacts["status"] {
  if (code === "cancelled") return "cancelled";
  return code === "broken" || code === "timeout" || code === "too_large" ? "unknown" : "upstream_error";
}
