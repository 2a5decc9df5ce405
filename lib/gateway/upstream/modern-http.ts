import type { JsonObject } from "#lib/core/canonical.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Credentials } from "#lib/gateway/upstream/credentials.ts";
import { failureOf } from "#lib/gateway/upstream/failure.ts";
import { inspectHttp } from "#lib/gateway/upstream/inspect-http.ts";
import { createModernListener } from "#lib/gateway/upstream/modern-listener.ts";
import { callLimits, type Forward, UpstreamFailure, type UpstreamLeg } from "#lib/gateway/upstream/upstream.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { answerFor, outgoing, progressFor } from "#lib/mcp/hop.ts";
import { ask } from "#lib/mcp/http/ask.ts";
import { asksBack, isComplete, missingCapability, modernHeaders, withEnvelope } from "#lib/mcp/http/envelope.ts";
import { headerText, type ParamHeader, paramText } from "#lib/mcp/http/param-headers.ts";
import type { RpcMessage } from "#lib/mcp/json-rpc.ts";

/** Errors about our own headers, capabilities and version: they mean nothing to the caller, whose hop is another. */
const hopErrors: ReadonlySet<number> = new Set([-32020, -32021, -32022]);

/**
 * Servers of MCP 2026-07-28 over Streamable HTTP. Every call stands for itself: one request with headers and envelope of ours, one answer;
 * to give it up closes its stream. Nothing is ever repeated.
 * @param repeated the arguments that a tool's approved schema wants in headers; null for one that must not be called over HTTP
 * @param onListChanged told when a server in use says that its tools changed
 */
export function createModernHttp(
  egress: Egress,
  credentials: Credentials,
  repeated: (tool: CompiledTool) => readonly ParamHeader[] | null,
  onListChanged: (connectorId: string) => void,
): UpstreamLeg {
  const listener = createModernListener(egress, credentials, onListChanged);
  let lastId = 0;

  function headersFor({ request: { method }, tool }: Forward, params: JsonObject, credential: Record<string, string>) {
    const headers = modernHeaders(method, params, credential);
    const wanted = tool === undefined ? [] : repeated(tool);
    if (wanted === null) throw new UpstreamFailure("not_started");
    const args = isJsonObject(params.arguments) ? params.arguments : {};
    for (const one of wanted) {
      const text = paramText(args, one);
      if (text !== null) headers[one.header] = headerText(text);
    }
    return headers;
  }

  return {
    async call(target, forward) {
      const { request, signal, mayGo, onProgress, onLog } = forward;
      if (target.identity.transport !== "streamable-http") throw new UpstreamFailure("not_started");
      listener.attend(target);
      lastId += 1;
      const id = lastId;
      const params = withEnvelope(request.params, forward.capabilities);
      try {
        const headers = headersFor(forward, params, await credentials.headers(target, signal));
        const { text: body, callerToken } = outgoing({ ...request, params }, id);
        if (signal.aborted || !mayGo()) throw new UpstreamFailure("cancelled");
        const onOther = (note: RpcMessage) => {
          if (note.kind === "notification" && note.method === "notifications/message") onLog?.(note);
          else if (note.kind === "notification" && callerToken !== null && note.params?.progressToken === id)
            onProgress(progressFor(note, callerToken));
        };
        const bytesMax = callLimits.answerBytesMax;
        const question = { headers, body, id, bytesMax, signal, onOther, errorsHaveStatus: true };
        const { status, answer } = await ask(egress, target.identity.url, question);
        if (status === 401) {
          credentials.forget(target);
          throw new UpstreamFailure("credential");
        }
        if (answer === null) throw new UpstreamFailure("broken");
        const isOurs =
          "error" in answer.answer
            ? hopErrors.has(answer.answer.error.code) && !isAboutCaller(answer.answer.error.code, forward)
            : !isComplete(answer.answer.result) && !(forward.capabilities && asksBack(answer.answer.result));
        if (isOurs) throw new UpstreamFailure("broken");
        return { text: answerFor(answer, request.id), answer: answer.answer };
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
    // in the era that was approved: a server that speaks both now is still the one that was reviewed
    inspect: (target) => inspectHttp(target, egress, credentials, "modern"),
    keep: listener.keep,
    async close() {
      listener.close();
    },
  };
}

/** A capability that is missing may be the caller's, where the server was told of the caller's. */
function isAboutCaller(code: number, { capabilities }: Forward): boolean {
  return code === missingCapability && capabilities !== undefined;
}
