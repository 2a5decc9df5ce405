import { UpstreamFailure } from "#lib/gateway/upstream/upstream.ts";
import type { ChannelError } from "#lib/mcp/channel.ts";
import { AskFailed } from "#lib/mcp/http/ask.ts";

/**
 * What became of a call over HTTP that has no answer. A refused connection means that nothing was executed; after the request went out
 * nobody knows. What `signal` stopped was cancelled or took too long, whatever the network says.
 */
export function failureOf(failed: unknown, signal: AbortSignal): UpstreamFailure {
  if (signal.aborted)
    return new UpstreamFailure(signal.reason === "timeout" ? "timeout" : "cancelled", { cause: failed });
  if (failed instanceof UpstreamFailure) return failed;
  if (!(failed instanceof AskFailed)) return new UpstreamFailure("broken", { cause: failed });
  const { sent, cause: error } = failed;
  if (error.code === "too_large" || error.code === "timeout") return new UpstreamFailure(error.code, { cause: error });
  const isUnsent = !sent && (error.code === "egress_refused" || error.code === "tls_invalid" || isRefused(error));
  return new UpstreamFailure(isUnsent ? "unreachable" : "broken", { cause: error });
}

function isRefused(error: ChannelError): boolean {
  const { cause } = error;
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNREFUSED" || cause.code === "ENOTFOUND");
}
