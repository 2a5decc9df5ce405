import type { JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import {
  ChannelError,
  CredentialNeeded,
  HandshakeRefused,
  type McpChannel,
  type RequestBounds,
  RpcError,
} from "#lib/mcp/channel.ts";
import { toChannelError } from "#lib/mcp/egress/failure.ts";
import type { Egress, EgressResponse } from "#lib/mcp/egress/guard.ts";
import { type ByteBudget, readBody, readEvents } from "#lib/mcp/http/body.ts";
import { bodyKind, challengeScheme, messageHeaders, readSessionId, type SessionState } from "#lib/mcp/http/headers.ts";
import { notificationText, parseMessage, type RpcId, requestText } from "#lib/mcp/json-rpc.ts";

/** All responses of one conversation together. */
const totalBytesMax = 8 * 1024 * 1024;
/** A body that carries nothing is read to its end up to here, so that its connection can be used again. */
const dumpBytesMax = 16 * 1024;
const closeMs = 2_000;
const notifyMs = 10_000;
/** What servers of the stateless era answer to `initialize`. */
const handshakeRefusals: ReadonlySet<number> = new Set([400, 404, 405]);

/**
 * One legacy-era conversation over Streamable HTTP (2025-03-26 to 2025-11-25). Reads the negotiated version and the session id from the answer
 * to `initialize` and repeats them; DELETEs the session on close. Server requests and notifications on a response stream are skipped.
 * @param headers credential headers, sent with every message
 */
export function createHttpChannel(
  url: string,
  egress: Egress,
  headers: Readonly<Record<string, string>> = {},
): McpChannel {
  const session: SessionState = { sessionId: null, protocolVersion: null };
  const budget: ByteBudget = { left: totalBytesMax };
  let lastId = 0;
  let closed = false;

  return {
    async request(method, params, bounds) {
      lastId += 1;
      const signal = deadline(bounds);
      const response = await post(requestText(lastId, method, params), signal, method);
      try {
        const result = await readResult(response, lastId, budget);
        if (method === "initialize") keepSession(response, result);
        return result;
      } catch (error) {
        throw toChannelFailure(error);
      } finally {
        response.body.destroy();
      }
    },
    async notify(method, params) {
      const signal = AbortSignal.timeout(notifyMs);
      const response = await post(notificationText(method, params), signal);
      await response.body.dump({ limit: dumpBytesMax }).catch((error: unknown) => {
        throw toChannelError(error);
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      if (session.sessionId === null) return;
      try {
        const signal = AbortSignal.timeout(closeMs);
        const answer = await egress.request(url, {
          method: "DELETE",
          headers: messageHeaders(session, headers),
          signal,
        });
        await answer.body.dump({ limit: dumpBytesMax });
      } catch {
        // The server's own expiry ends the session.
      }
    },
  };

  async function post(body: string, signal: AbortSignal, method?: string): Promise<EgressResponse> {
    const response = await egress.request(url, {
      method: "POST",
      headers: messageHeaders(session, headers),
      body,
      signal,
    });
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    response.body.destroy();
    if (statusCode === 401) throw new CredentialNeeded(challengeScheme(response.headers["www-authenticate"]));
    if (method === "initialize" && handshakeRefusals.has(statusCode)) throw new HandshakeRefused("http_error");
    throw new ChannelError("http_error");
  }

  function keepSession(response: EgressResponse, result: JsonValue): void {
    const sessionId = readSessionId(response.headers["mcp-session-id"]);
    if (sessionId === undefined) throw new ChannelError("protocol_error");
    session.sessionId = sessionId;
    const version = isJsonObject(result) ? result.protocolVersion : undefined;
    session.protocolVersion = typeof version === "string" && /^[\x21-\x7e]{1,32}$/.test(version) ? version : null;
  }
}

function deadline({ timeoutMs, signal }: RequestBounds): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

async function readResult({ headers, body }: EgressResponse, id: RpcId, budget: ByteBudget): Promise<JsonValue> {
  const kind = bodyKind(headers["content-type"]);
  if (kind === null) throw new ChannelError("not_mcp");
  if (kind === "json") {
    const answer = readAnswer(await readBody(body, budget), id);
    if (answer === null) throw new ChannelError("protocol_error");
    return answer.result;
  }
  for await (const { event, data } of readEvents(body, budget)) {
    // An event of its own name is no message; an empty one only carries an id for resumption.
    if (event !== "message" || data.length === 0) continue;
    const answer = readAnswer(data, id);
    if (answer !== null) return answer.result;
  }
  throw new ChannelError("protocol_error");
}

/** The result if these bytes answer this request; null for another message. */
function readAnswer(bytes: Buffer, id: RpcId): { result: JsonValue } | null {
  const message = parseMessage(bytes, totalBytesMax);
  if (message.kind === "invalid") throw new ChannelError(message.code === -32700 ? "not_mcp" : "protocol_error");
  if (message.kind !== "response" || message.id !== id) return null;
  if ("error" in message.answer) throw new RpcError(message.answer.error.code);
  return message.answer;
}

function toChannelFailure(error: unknown): Error {
  return error instanceof RpcError || error instanceof CredentialNeeded ? error : toChannelError(error);
}
