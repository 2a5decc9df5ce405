import type { ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { Credentials } from "#lib/gateway/upstream/credentials.ts";
import { callLimits, UpstreamFailure } from "#lib/gateway/upstream/upstream.ts";
import { ChannelError } from "#lib/mcp/channel.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { probeHttp } from "#lib/mcp/probe.ts";

/**
 * Looks at a server over Streamable HTTP with the connector's credential.
 * @param era `modern` asks in the stateless era only
 * @throws UpstreamFailure
 */
export async function inspectHttp(
  target: Target,
  egress: Egress,
  credentials: Credentials,
  era?: "modern",
): Promise<ServerSnapshot> {
  if (target.identity.transport !== "streamable-http") throw new UpstreamFailure("not_started");
  const signal = AbortSignal.timeout(callLimits.timeoutMs);
  const headers = await credentials.headers(target, signal);
  const asked = { url: target.identity.url, egress, credential: { headers }, signal, ...(era ? { era } : {}) };
  const found = await probeHttp(asked).catch((error: unknown) => {
    throw new UpstreamFailure("broken", { cause: error });
  });
  if (found.outcome === "ok") return found.snapshot;
  if (found.outcome === "needs_credential") {
    credentials.forget(target);
    throw new UpstreamFailure("credential");
  }
  throw new UpstreamFailure("unreachable", { cause: new ChannelError(found.code) });
}
