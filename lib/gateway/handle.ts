import type { IncomingMessage, ServerResponse } from "node:http";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import { authenticate, challenge, type TokenVerifier } from "#lib/gateway/authenticate.ts";
import type { Caller, ToolsCall } from "#lib/gateway/call.ts";
import { classify, isVersionKept, negotiate } from "#lib/gateway/classify.ts";
import type { Denials } from "#lib/gateway/denials.ts";
import type { Denier } from "#lib/gateway/deny.ts";
import { describeEndpoint, enter, toConnector } from "#lib/gateway/enter.ts";
import {
  accepts,
  bodyBytesMax,
  type Exchange,
  openExchange,
  readRequest,
  streamHeaders,
} from "#lib/gateway/exchange.ts";
import { isList, type Lister } from "#lib/gateway/lists.ts";
import { isLogLevel } from "#lib/gateway/logging.ts";
import { type RefusalReason, refusalData, refusalFor } from "#lib/gateway/refusal.ts";
import { endpointOf } from "#lib/gateway/routes.ts";
import type { Session, Sessions } from "#lib/gateway/session.ts";
import type { PolicyKeeper } from "#lib/gateway/snapshot.ts";
import { createStateless } from "#lib/gateway/stateless.ts";
import type { Subscriptions } from "#lib/gateway/subscriptions.ts";
import { isUse } from "#lib/gateway/uses.ts";
import type { ParamHeader } from "#lib/mcp/http/param-headers.ts";
import { errorText, parseMessage, type RpcMessage, resultText } from "#lib/mcp/json-rpc.ts";

export type HandlerParts = {
  keeper: PolicyKeeper;
  sessions: Sessions;
  denials: Denials;
  deny: Denier;
  verify: TokenVerifier;
  callTool: (call: ToolsCall) => Promise<void>;
  list: Lister;
  subscriptions: Subscriptions;
  headersOf: (tool: CompiledTool) => readonly ParamHeader[] | null;
  /** Where agents reach the gateway and people the console; no trailing slash. */
  gatewayUrl: string;
  webUrl: string;
  isStopping: () => boolean;
};

type Request = Extract<RpcMessage, { kind: "request" }>;

/** The pipeline of `/mcp/s/{slug}` and `/mcp`: authenticate → read → parse strictly → classify → session or stateless → the method. */
export function createHandler(parts: HandlerParts) {
  const { keeper, sessions, denials, deny, verify, callTool, list, gatewayUrl, webUrl } = parts;
  const stateless = createStateless({
    ...parts,
    noteMalformed: (agentId, reason) => note("call.malformed", agentId, reason),
  });

  return async function handle(slug: string | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = openExchange(request, response);
    const now = keeper.now();
    const authentication = authenticate(request, endpointOf(gatewayUrl, slug), now, verify);
    if (!authentication.ok) {
      const { error, detail } = authentication;
      note("agent-token.refused", null, `token_${detail}`);
      const header = challenge(metadataUrl(slug), error === "missing_token" ? null : error);
      return exchange.finish(errorText(null, 40100, "A valid access token is needed."), 401, [
        "www-authenticate",
        header,
      ]);
    }
    const { caller } = authentication;
    if (parts.isStopping()) return connectionRefused(exchange, slug, "shutting_down", caller.agentId, null);
    if (request.method === "GET") return openStream(slug, caller, request, response, exchange);
    if (request.method === "DELETE") return endSession(slug, caller, request, exchange);
    return post(slug, caller, request, exchange);
  };

  async function post(
    slug: string | null,
    caller: Caller,
    request: IncomingMessage,
    exchange: Exchange,
  ): Promise<void> {
    if (!accepts(request, "application/json") && !exchange.acceptsStream)
      return malformed(exchange, caller, 406, -32600, "Accept application/json and text/event-stream.");
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? ""))
      return malformed(exchange, caller, 415, -32600, "Send the message as application/json.");
    const body = await readRequest(request);
    if (body === "gone") return;
    if (body === "too_large") {
      const text = `A message has at most ${bodyBytesMax} bytes.`;
      return malformed(exchange, caller, 413, -32600, text, ["connection", "close"]);
    }
    const message = parseMessage(body, bodyBytesMax);
    if (message.kind === "invalid") {
      note("call.malformed", caller.agentId, message.code === -32700 ? "not_json" : "not_a_message");
      return exchange.finish(errorText(message.id, message.code, message.message), 400);
    }
    if (classify(message, request.headers) === "modern")
      return stateless(slug, caller, request.headers, message, exchange);
    if (message.kind === "request" && message.method === "initialize")
      return initialize(slug, caller, message, exchange);
    const session = await sessionOf(slug, caller, request, exchange);
    if (session === null) return;
    if (message.kind === "response") return exchange.end(202);
    if (message.kind === "notification") {
      if (message.method === "notifications/cancelled") cancel(session, message.params?.requestId);
      return exchange.end(202);
    }
    return answer({ slug, session, caller, request: message, exchange });
  }

  function answer(call: ToolsCall): void | Promise<void> {
    const { request, exchange } = call;
    if (isUse(request.method)) return callTool(toConnector(call));
    if (isList(request.method)) return list(call);
    if (request.method === "logging/setLevel") return setLevel(call);
    if (request.method === "ping") return exchange.finish(resultText(request.id, {}));
    return deny.forReason(call, "method_not_found", null, null);
  }

  function setLevel({ session, request: { id, params }, exchange }: ToolsCall) {
    const level = params?.level;
    if (!isLogLevel(level)) return exchange.finish(errorText(id, -32602, "There is no such level."));
    if (session !== null) session.logLevel = level;
    exchange.finish(resultText(id, {}));
  }

  function initialize(slug: string | null, caller: Caller, { id, params }: Request, exchange: Exchange) {
    const entry = enter(keeper, { slug, caller });
    if (!entry.isOpen) {
      const { reason, decision } = entry;
      const decisionId =
        decision === null
          ? null
          : denials.record(
              {
                type: "call.denied",
                agentId: caller.agentId,
                connectorId: decision.connector?.id ?? null,
                toolId: null,
                tool: null,
                grantId: decision.grantId,
                reason,
                data: {
                  asked: null,
                  method: "initialize",
                  policy: keeper.current()?.snapshot.policyVersion ?? null,
                  tokenId: caller.tokenId,
                },
              },
              keeper.now(),
            );
      return connectionRefused(exchange, slug, reason, caller.agentId, id, decisionId);
    }
    const protocolVersion = negotiate(params?.protocolVersion);
    const session = sessions.start(caller.agentId, slug, protocolVersion);
    const result = { protocolVersion, ...describeEndpoint(slug, entry.target) };
    exchange.finish(resultText(id, result), 200, ["mcp-session-id", session.id]);
  }

  async function sessionOf(
    slug: string | null,
    caller: Caller,
    request: IncomingMessage,
    exchange: Exchange,
  ): Promise<Session | null> {
    const id = request.headers["mcp-session-id"];
    if (id === undefined) {
      malformed(exchange, caller, 400, -32600, "Send initialize first, then repeat its Mcp-Session-Id.");
      return null;
    }
    const session = sessions.find(id, caller.agentId, slug);
    if (session === null) {
      note("call.malformed", caller.agentId, "unknown_session");
      exchange.finish(errorText(null, -32600, "There is no such session; send initialize again."), 404);
      return null;
    }
    if (isVersionKept(request.headers, session.protocolVersion)) return session;
    malformed(exchange, caller, 400, -32600, "MCP-Protocol-Version is not the one negotiated for this session.");
    return null;
  }

  async function openStream(
    slug: string | null,
    caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
  ): Promise<void> {
    if (!exchange.acceptsStream) return malformed(exchange, caller, 406, -32600, "Accept text/event-stream.");
    const entry = enter(keeper, { slug, caller });
    if (!entry.isOpen) return connectionRefused(exchange, slug, entry.reason, caller.agentId, null);
    const session = await sessionOf(slug, caller, request, exchange);
    if (session === null) return;
    // one stream per session; the newest counts, because the other end of an older one may be long gone
    session.stream?.response.end();
    const stream = { response, expiresAt: caller.expiresAt };
    session.stream = stream;
    response.writeHead(200, streamHeaders);
    response.flushHeaders();
    response.once("close", () => {
      if (session.stream === stream) session.stream = null;
    });
  }

  async function endSession(
    slug: string | null,
    caller: Caller,
    request: IncomingMessage,
    exchange: Exchange,
  ): Promise<void> {
    const session = await sessionOf(slug, caller, request, exchange);
    if (session === null) return;
    sessions.end(session);
    exchange.end(204);
  }

  function cancel(session: Session, requestId: unknown): void {
    if (typeof requestId === "string" || typeof requestId === "number")
      session.calls.get(requestId)?.abort("cancelled");
  }

  /**
   * Refuses before there is a session. A token that is not accepted is 401, a passing trouble 503. A denial of a request is answered
   * as inside of a session: no scope would cure it, and a client that gets 403 hides the body that says why.
   */
  function connectionRefused(
    exchange: Exchange,
    slug: string | null,
    reason: RefusalReason,
    agentId: string,
    id: Request["id"] | null,
    decisionId: string | null = null,
  ): void {
    const refusal = refusalFor(reason);
    const isDenied = refusal.http < 500 && refusal.http !== 401;
    const headers =
      refusal.http === 401 ? ["www-authenticate", challenge(metadataUrl(slug), "invalid_token")] : ["retry-after", "2"];
    const data = refusalData(refusal, decisionId, webUrl, { agentId, slug, tool: null });
    const text = errorText(id, refusal.rpc, refusal.message, data);
    exchange.finish(text, isDenied && id !== null ? 200 : refusal.http, isDenied ? [] : headers);
  }

  function malformed(
    exchange: Exchange,
    caller: Caller,
    status: number,
    code: number,
    text: string,
    headers: readonly string[] = [],
  ): void {
    note("call.malformed", caller.agentId, `http_${status}`);
    exchange.finish(errorText(null, code, text), status, headers);
  }

  function note(type: "call.malformed" | "agent-token.refused", agentId: string | null, reason: string): void {
    const nothing = { connectorId: null, toolId: null, tool: null, grantId: null, data: {} };
    denials.record({ type, agentId, reason, ...nothing }, keeper.now());
  }

  function metadataUrl(slug: string | null): string {
    return endpointOf(`${gatewayUrl}/.well-known/oauth-protected-resource`, slug);
  }
}
