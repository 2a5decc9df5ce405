import type { JsonObject } from "#lib/core/canonical.ts";
import type { CompiledConnector, CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import type { Denials } from "#lib/gateway/denials.ts";
import type { Permit, Refused } from "#lib/gateway/enforce.ts";
import { redact, redacted } from "#lib/gateway/redact.ts";
import { type RefusalReason, refusalData, refusalFor } from "#lib/gateway/refusal.ts";
import type { PolicyKeeper } from "#lib/gateway/snapshot.ts";
import { errorText } from "#lib/mcp/json-rpc.ts";

/** Refuses calls inside of a session: one recorded denial, one JSON-RPC error that says why and what to do. */
export type Denier = {
  call(call: ToolsCall, refused: Refused, name: string): void;
  /** A refusal that is not a decision's. `verdict` is the permit that was overruled, for the record. */
  forReason(call: ToolsCall, reason: RefusalReason, name: string | null, verdict: Permit | null): void;
  /** Answers only; the reason is in the record of the call already. */
  answer(call: ToolsCall, reason: RefusalReason, decisionId: string, more: JsonObject): void;
};

/** Names that may stand in the log as they are; others could be anything. */
const plainName = /^[A-Za-z0-9_./-]{1,128}$/;
/** Runs that no tool is called by: long ones with digits in them, and what is written like a UUID or in hexadecimal. */
const opaqueRun = /(?=[A-Za-z/]*\d)[A-Za-z0-9/]{20,}|[0-9A-Fa-f-]{32,}/;

/**
 * A name or method of no tool that we know, as it may stand in the log, which forgets nothing: agents put tokens in the wrong place.
 * Careful rather than exact, like `redact`.
 */
function namedSafely(name: string): string {
  if (!plainName.test(name)) return "(another text)";
  return redact(name) === name && !opaqueRun.test(name) ? name : redacted;
}
/** Of a name that stands in an answer. */
const nameMax = 128;

export function createDenier(denials: Denials, keeper: PolicyKeeper, webUrl: string): Denier {
  function record(
    call: ToolsCall,
    reason: string,
    name: string | null,
    connector: CompiledConnector | null,
    tool: CompiledTool | null,
    grantId: string | null,
    now: number,
  ): string | null {
    const { method } = call.request;
    const asked = name === null ? null : (tool?.name ?? namedSafely(name));
    return denials.record(
      {
        type: "call.denied",
        agentId: call.caller.agentId,
        connectorId: connector?.id ?? null,
        toolId: tool?.id ?? null,
        tool: asked,
        grantId,
        reason,
        data: {
          asked,
          method: namedSafely(method),
          policy: keeper.current()?.snapshot.policyVersion ?? null,
          sessionId: call.session?.recordId ?? null,
          tokenId: call.caller.tokenId,
        },
      },
      now,
    );
  }

  function answer(call: ToolsCall, reason: RefusalReason, decisionId: string | null, more: JsonObject): void {
    const refusal = refusalFor(reason);
    const name = call.request.params?.name;
    const tool = call.request.method === "tools/call" && typeof name === "string" ? name.slice(0, nameMax) : null;
    const wanted = { agentId: call.caller.agentId, slug: call.slug, tool };
    const data = refusalData(refusal, decisionId, webUrl, wanted, more);
    // the stateless era tells an unknown method by status as well
    const status = call.session === null && reason === "method_not_found" ? 404 : 200;
    call.exchange.finish(errorText(call.request.id, refusal.rpc, refusal.message, data), status);
  }

  return {
    call(call, { reason, decision, pointer, issues, retryAfterMs, now }, name) {
      const { connector = null, tool = null, grantId = null } = decision ?? {};
      const id = record(call, reason, name, connector, tool, grantId, now);
      answer(call, reason, id, {
        ...(pointer === null ? {} : { pointer }),
        ...(issues.length === 0 ? {} : { issues: issues.map((issue) => ({ ...issue })) }),
        ...(retryAfterMs === null ? {} : { retryAfterMs }),
      });
    },
    forReason(call, reason, name, verdict) {
      const connector = verdict?.connector ?? keeper.current()?.snapshot.connectors.get(call.slug ?? "") ?? null;
      const id = record(call, reason, name, connector, verdict?.tool ?? null, verdict?.grantId ?? null, keeper.now());
      answer(call, reason, id, {});
    },
    answer,
  };
}
