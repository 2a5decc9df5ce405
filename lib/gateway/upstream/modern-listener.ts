import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { Credentials } from "#lib/gateway/upstream/credentials.ts";
import { callLimits } from "#lib/gateway/upstream/upstream.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { readEvents } from "#lib/mcp/http/body.ts";
import { modernHeaders, withEnvelope } from "#lib/mcp/http/envelope.ts";
import { bodyKind } from "#lib/mcp/http/headers.ts";
import { parseMessage, requestText } from "#lib/mcp/json-rpc.ts";

/** Hears from servers in use that their tools changed. */
export type ModernListener = {
  /** A server is in use now: listens to it, unless that is done already or failed lately. */
  attend(target: Target): void;
  keep(versionIds: ReadonlySet<string>): void;
  close(): void;
};

/** A server that was not used for so long is not listened to; a stream that ended is opened again at the earliest after as long. */
const idleMs = 5 * 60_000;
const sweepMs = 30_000;
const method = "subscriptions/listen";

type Stream = { versionId: string; stop: AbortController; usedAt: number; endedAt: number };

/**
 * Keeps one `subscriptions/listen` stream (MCP 2026-07-28) per connector version and credential in use, where the reviewed server announces
 * changes of its tools. The stream is a courtesy: definitions are compared on a schedule in any case.
 */
export function createModernListener(
  egress: Egress,
  credentials: Credentials,
  onListChanged: (connectorId: string) => void,
): ModernListener {
  const streams = new Map<string, Stream>();
  const sweeper = setInterval(() => {
    const before = performance.now() - idleMs;
    drop(({ usedAt, endedAt }) => usedAt < before || endedAt < before);
  }, sweepMs);

  function drop(isOver: (stream: Stream) => boolean): void {
    for (const [key, stream] of streams) {
      if (!isOver(stream)) continue;
      stream.stop.abort();
      streams.delete(key);
    }
  }

  async function listen(target: Target, url: string, signal: AbortSignal): Promise<void> {
    const params = withEnvelope({ notifications: { toolsListChanged: true } });
    const headers = modernHeaders(method, params, await credentials.headers(target, signal));
    const body = requestText(0, method, params);
    const response = await egress.request(url, { method: "POST", headers, body, signal });
    if (response.statusCode !== 200 || bodyKind(response.headers["content-type"]) !== "sse") {
      response.body.destroy();
      return;
    }
    for await (const { data } of readEvents(response.body, { left: callLimits.answerBytesMax })) {
      const message = parseMessage(data, callLimits.answerBytesMax);
      if (message.kind === "notification" && message.method === "notifications/tools/list_changed")
        onListChanged(target.connectorId);
    }
  }

  return {
    attend(target) {
      const { identity, versionId, credential } = target;
      const { tools } = identity.capabilities;
      if (identity.transport !== "streamable-http" || !isJsonObject(tools) || tools.listChanged !== true) return;
      const key = `${versionId} ${credential?.id ?? ""}`;
      const now = performance.now();
      const known = streams.get(key);
      if (known !== undefined) {
        known.usedAt = now;
        return;
      }
      const stop = new AbortController();
      const stream = { versionId, stop, usedAt: now, endedAt: Number.POSITIVE_INFINITY };
      streams.set(key, stream);
      const ended = () => {
        stream.endedAt = performance.now();
      };
      listen(target, identity.url, stop.signal).then(ended, ended);
    },
    keep: (versionIds) => drop(({ versionId }) => !versionIds.has(versionId)),
    close() {
      clearInterval(sweeper);
      drop(() => true);
    },
  };
}
