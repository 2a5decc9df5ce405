import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { Credentials } from "#lib/gateway/upstream/credentials.ts";
import { failureOf } from "#lib/gateway/upstream/failure.ts";
import { callLimits, type Forward, type UpstreamAnswer, UpstreamFailure } from "#lib/gateway/upstream/upstream.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { answerFor, outgoing, progressFor } from "#lib/mcp/hop.ts";
import { ask } from "#lib/mcp/http/ask.ts";
import { readEvents } from "#lib/mcp/http/body.ts";
import { bodyKind, messageHeaders, readSessionId, type SessionState } from "#lib/mcp/http/headers.ts";
import { errorText, notificationText, parseMessage, type RpcMessage, requestText } from "#lib/mcp/json-rpc.ts";
import { legacyVersions } from "#lib/mcp/snapshot.ts";

/** One initialized session with one server. */
export type UpstreamSession = {
  /** Forwards one call. `no_session`: the server does not know the session (404) and did not take the call; `unauthorized`: 401. */
  forward(forward: Forward): Promise<UpstreamAnswer | "no_session" | "unauthorized">;
  close(): Promise<void>;
};

const handshakeMs = 15_000;
const closeMs = 2_000;
/** A server that asks its caller more often than this during one call gets no further replies. */
const repliesMax = 8;
const dumpBytesMax = 16 * 1024;

/**
 * @param onListChanged what to tell when the server's tools change; null opens no stream for that
 * @throws UpstreamFailure when the server does not shake hands as it should
 */
export async function openUpstreamSession(
  target: Target,
  egress: Egress,
  credentials: Credentials,
  onListChanged: (() => void) | null,
): Promise<UpstreamSession> {
  if (target.identity.transport !== "streamable-http") throw new UpstreamFailure("not_started");
  const { url } = target.identity;
  const state: SessionState = { sessionId: null, protocolVersion: null };
  const closed = new AbortController();
  let lastId = 0;
  let credentialHeaders = await credentials.headers(target, AbortSignal.timeout(handshakeMs));
  let headers = messageHeaders(state, credentialHeaders);

  await shakeHands().catch((error: unknown) => {
    throw error instanceof UpstreamFailure ? error : new UpstreamFailure("unreachable", { cause: error });
  });
  if (onListChanged !== null) void hear(onListChanged);

  async function shakeHands(): Promise<void> {
    const signal = AbortSignal.timeout(handshakeMs);
    const id = nextId();
    const body = requestText(id, "initialize", {
      protocolVersion: legacyVersions[0] ?? null,
      capabilities: {},
      clientInfo: { name: "ambit", version: "1" },
    });
    const onOther = () => undefined;
    const hello = { headers, body, id, bytesMax: callLimits.answerBytesMax, signal, onOther };
    const { status, headers: answered, answer } = await ask(egress, url, hello);
    if (answer === null) throw new UpstreamFailure(status === 401 ? "credential" : "broken");
    const result = "result" in answer.answer ? answer.answer.result : null;
    const version = isJsonObject(result) ? result.protocolVersion : null;
    const sessionId = readSessionId(answered["mcp-session-id"]);
    if (typeof version !== "string" || !legacyVersions.includes(version) || sessionId === undefined)
      throw new UpstreamFailure("broken");
    state.sessionId = sessionId;
    state.protocolVersion = version;
    headers = messageHeaders(state, credentialHeaders);
    await tell(notificationText("notifications/initialized"));
  }

  /** Sends a notification or an answer of ours. */
  async function tell(text: string): Promise<void> {
    const signal = AbortSignal.timeout(handshakeMs);
    const response = await egress.request(url, { method: "POST", headers, body: text, signal });
    await response.body.dump({ limit: dumpBytesMax }).catch(() => undefined);
  }

  /** Listens on the GET stream, if the server has one, for changes of its tools. */
  async function hear(changed: () => void): Promise<void> {
    try {
      const accept = { ...headers, accept: "text/event-stream" };
      const response = await egress.request(url, { method: "GET", headers: accept, signal: closed.signal });
      if (response.statusCode !== 200 || bodyKind(response.headers["content-type"]) !== "sse") {
        response.body.destroy();
        return;
      }
      for await (const { data } of readEvents(response.body, { left: callLimits.answerBytesMax })) {
        const message = parseMessage(data, callLimits.answerBytesMax);
        if (message.kind === "notification" && message.method === "notifications/tools/list_changed") changed();
      }
    } catch {
      // the stream is a courtesy: the definitions are compared on a schedule in any case
    }
  }

  function nextId(): number {
    lastId += 1;
    return lastId;
  }

  async function forward({
    request,
    signal,
    mayGo,
    onProgress,
    onLog,
  }: Forward): ReturnType<UpstreamSession["forward"]> {
    const id = nextId();
    const { text: body, callerToken } = outgoing(request, id);
    if (target.credential?.kind === "oauth_client_credentials") {
      const fresh = await credentials.headers(target, signal);
      if (fresh.authorization !== credentialHeaders.authorization) {
        credentialHeaders = fresh;
        headers = messageHeaders(state, fresh);
      }
    }
    if (signal.aborted || !mayGo()) throw new UpstreamFailure("cancelled");
    let asked = 0;
    let replies = Promise.resolve();
    try {
      const onOther = (note: RpcMessage) => {
        if (note.kind === "request") {
          // one after the other, and only so many: each reply is a request of ours
          asked += 1;
          const reply = errorText(note.id, -32601, "Method not found");
          if (asked <= repliesMax) replies = replies.then(() => tell(reply)).catch(() => undefined);
        } else if (note.kind === "notification" && callerToken !== null && note.params?.progressToken === id)
          onProgress(progressFor(note, callerToken));
        else if (note.kind === "notification" && note.method === "notifications/message") onLog?.(note);
      };
      const bytesMax = callLimits.answerBytesMax;
      const { status, answer } = await ask(egress, url, { headers, body, id, bytesMax, signal, onOther });
      if (answer !== null) return { text: answerFor(answer, request.id), answer: answer.answer };
      if (status === 404 && state.sessionId !== null) return "no_session";
      if (status === 401) return "unauthorized";
      throw new UpstreamFailure("broken");
    } catch (error) {
      if (signal.aborted) {
        void tell(notificationText("notifications/cancelled", { requestId: id })).catch(() => undefined);
      }
      throw failureOf(error, signal);
    }
  }

  return {
    forward,
    async close() {
      closed.abort();
      if (state.sessionId === null) return;
      try {
        const signal = AbortSignal.timeout(closeMs);
        const response = await egress.request(url, { method: "DELETE", headers, signal });
        await response.body.dump({ limit: dumpBytesMax });
      } catch {
        // the server's own expiry ends the session
      }
    },
  };
}
