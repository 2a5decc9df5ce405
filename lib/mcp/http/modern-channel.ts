import { ChannelError, CredentialNeeded, type McpChannel, RpcError } from "#lib/mcp/channel.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { AskFailed, ask } from "#lib/mcp/http/ask.ts";
import { isComplete, modernHeaders, withEnvelope } from "#lib/mcp/http/envelope.ts";
import { challengeScheme } from "#lib/mcp/http/headers.ts";
import { requestText } from "#lib/mcp/json-rpc.ts";

/** All answers of one conversation together. */
const totalBytesMax = 8 * 1024 * 1024;

/**
 * Requests to a server of MCP 2026-07-28 over Streamable HTTP: each stands for itself, so there is nothing to open, notify or end.
 * @param credential headers, sent with every request
 */
export function createModernChannel(
  url: string,
  egress: Egress,
  credential: Readonly<Record<string, string>> = {},
): McpChannel {
  let lastId = 0;
  let left = totalBytesMax;
  return {
    async request(method, params, { timeoutMs, signal }) {
      lastId += 1;
      const said = withEnvelope(params);
      const { status, headers, answer } = await ask(egress, url, {
        headers: modernHeaders(method, said, credential),
        body: requestText(lastId, method, said),
        id: lastId,
        bytesMax: left,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        onOther: () => undefined,
        errorsHaveStatus: true,
      }).catch((error: unknown) => {
        throw error instanceof AskFailed ? error.cause : error;
      });
      if (status === 401) throw new CredentialNeeded(challengeScheme(headers["www-authenticate"]));
      if (answer === null) throw new ChannelError("http_error");
      left -= answer.bytes;
      if ("error" in answer.answer) throw new RpcError(answer.answer.error.code);
      if (!isComplete(answer.answer.result)) throw new ChannelError("protocol_error");
      return answer.answer.result;
    },
    notify: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
