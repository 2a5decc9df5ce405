import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "#lib/core/canonical.ts";
import { decide } from "#lib/core/decision/decide.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Caller, ToolsCall } from "#lib/gateway/call.ts";
import { modernVersion, offeredVersions } from "#lib/gateway/classify.ts";
import type { Denier } from "#lib/gateway/deny.ts";
import { describeEndpoint, enter, toConnector } from "#lib/gateway/enter.ts";
import type { Exchange } from "#lib/gateway/exchange.ts";
import { isList, type Lister } from "#lib/gateway/lists.ts";
import { checkModern, checkParams, type Rejection } from "#lib/gateway/modern.ts";
import type { PolicyKeeper } from "#lib/gateway/snapshot.ts";
import type { Subscriptions } from "#lib/gateway/subscriptions.ts";
import type { ParamHeader } from "#lib/mcp/http/param-headers.ts";
import { errorText, type RpcMessage, resultText } from "#lib/mcp/json-rpc.ts";

export type StatelessParts = {
  keeper: PolicyKeeper;
  deny: Denier;
  list: Lister;
  subscriptions: Subscriptions;
  callTool: (call: ToolsCall) => Promise<void>;
  /** The arguments of a tool that headers repeat; null when its annotations are wrong. */
  headersOf: (tool: CompiledTool) => readonly ParamHeader[] | null;
  noteMalformed: (agentId: string, reason: string) => void;
};

/** How long an agent may keep a list before it asks again, milliseconds. Calls are decided anew in any case. */
const listTtlMs = 10_000;

/** One message of the stateless era (MCP 2026-07-28): every request brings version and capabilities along, nothing is remembered. */
export function createStateless(parts: StatelessParts) {
  const { keeper, deny, list, subscriptions, callTool, headersOf, noteMalformed } = parts;

  return function serve(
    slug: string | null,
    caller: Caller,
    headers: IncomingHttpHeaders,
    message: RpcMessage,
    exchange: Exchange,
  ): void | Promise<void> {
    if (message.kind === "response") {
      noteMalformed(caller.agentId, "response_posted");
      return exchange.finish(errorText(null, -32600, "Responses are not posted in this revision."), 400);
    }
    if (message.kind === "notification") return exchange.end(202);
    const rejection = checkModern(headers, message);
    if (rejection !== null) return reject(caller, exchange, message.id, rejection);
    const call = { slug, session: null, caller, request: message, exchange };
    if (message.method === "server/discover") return discover(call);
    if (isList(message.method)) return list(call, { ttlMs: listTtlMs, isOffered: isOfferedOverHttp });
    if (message.method === "subscriptions/listen") return listen(call);
    const meant = toConnector(call);
    const mismatch = message.method === "tools/call" ? repeated(meant, headers) : null;
    if (mismatch !== null) return reject(caller, exchange, message.id, mismatch);
    return callTool(meant);
  };

  function reject(caller: Caller, exchange: Exchange, id: string | number, rejection: Rejection): void {
    const { status, code, message, data } = rejection;
    noteMalformed(caller.agentId, `rpc_${code}`);
    exchange.finish(errorText(id, code, message, data), status);
  }

  function isOfferedOverHttp(tool: CompiledTool): boolean {
    return headersOf(tool) !== null;
  }

  /** Compares the arguments that headers repeat; only for a tool that the agent may see, so that it tells nothing about others. */
  function repeated({ slug, caller, request }: ToolsCall, headers: IncomingHttpHeaders): Rejection | null {
    const { name, arguments: args = {} } = request.params ?? {};
    const policy = keeper.current();
    if (policy === null || typeof name !== "string" || !isJsonObject(args)) return null;
    const { agentId, keyId } = caller;
    const look = {
      agentId,
      keyId,
      connectorSlug: slug ?? "",
      action: "discover",
      kind: "tool",
      name,
      now: keeper.now(),
    } as const;
    const { effect, tool } = decide(policy.snapshot, look);
    const declared = effect === "permit" && tool !== null ? headersOf(tool) : null;
    return declared === null ? null : checkParams(headers, declared, args);
  }

  function discover(call: ToolsCall) {
    const entry = enter(keeper, call);
    if (!entry.isOpen) return deny.forReason(call, entry.reason, null, null);
    const { serverInfo = {}, ...described } = describeEndpoint(call.slug, entry.target);
    const result: JsonObject = {
      resultType: "complete",
      supportedVersions: [modernVersion, ...offeredVersions],
      ...described,
      ttlMs: listTtlMs,
      cacheScope: "private",
      _meta: { "io.modelcontextprotocol/serverInfo": serverInfo },
    };
    call.exchange.finish(resultText(call.request.id, result));
  }

  function listen(call: ToolsCall) {
    const entry = enter(keeper, call);
    if (!entry.isOpen) return deny.forReason(call, entry.reason, null, null);
    const { id, params } = call.request;
    if (!isJsonObject(params?.notifications))
      return call.exchange.finish(errorText(id, -32602, 'The params need "notifications", an object.'));
    if (!call.exchange.acceptsStream)
      return call.exchange.finish(errorText(id, -32600, "Accept text/event-stream."), 406);
    if (!subscriptions.open(call, entry.policy, keeper.now())) deny.forReason(call, "too_many_calls", null, null);
  }
}
