import type { IncomingHttpHeaders } from "node:http";
import { ChannelError } from "#lib/mcp/channel.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { bodyKind } from "#lib/mcp/http/headers.ts";
import { createSseParser, type SseParser } from "#lib/mcp/http/sse.ts";
import { parseMessage, type RpcMessage } from "#lib/mcp/json-rpc.ts";

type Answer = Extract<RpcMessage, { kind: "response" }>;

export type Question = {
  headers: Readonly<Record<string, string>>;
  /** One JSON-RPC request, and its id. */
  body: string;
  id: number;
  /** Largest answer, all that is said on the way included. */
  bytesMax: number;
  signal: AbortSignal;
  /** Hears what else the server says on an event stream before it answers. */
  onOther: (message: RpcMessage) => void;
  /** Takes a JSON-RPC error for an answer whatever its HTTP status, as the stateless era has it (400 and 404). */
  errorsHaveStatus?: boolean;
};

/** What came back: the answer, or a status that is none. */
export type Asked = { status: number; headers: IncomingHttpHeaders; answer: Answer | null };

/** After its answer a stream may take so long to end, milliseconds; then its connection is given up. */
const endMsMax = 1_000;

/**
 * Sends one request over Streamable HTTP and reads until its answer, from a JSON body or an event stream.
 * @throws ChannelError what the network failed with, once it did; `too_large`; `protocol_error` for a body that holds no answer;
 *   `timeout` when `signal` aborts. `sent` of the thrown `AskFailed` says whether a response had begun.
 */
export function ask(egress: Egress, url: string, question: Question): Promise<Asked> {
  const { headers, body, id, bytesMax, signal, onOther, errorsHaveStatus = false } = question;
  return new Promise((resolve, reject) => {
    let status = 0;
    let answered: IncomingHttpHeaders = {};
    let settled = false;
    let left = bytesMax;
    let chunks: Buffer[] | null = null;
    let parser: SseParser | null = null;

    let stop = () => {};
    signal.addEventListener("abort", aborted, { once: true });
    stop = egress.send(url, { method: "POST", headers, body }, { head, data, end, failed });
    if (signal.aborted) aborted();

    function head(statusCode: number, received: IncomingHttpHeaders) {
      status = statusCode;
      answered = received;
      const kind = bodyKind(received["content-type"]);
      // a challenge is for whoever holds the credential, whatever its body says
      if (status > 299 && (!errorsHaveStatus || status === 401 || kind !== "json")) return give(null);
      if (kind === "json") chunks = [];
      else if (kind === "sse") parser = createSseParser(bytesMax);
      else failed(new ChannelError("protocol_error"));
    }

    function data(chunk: Buffer) {
      left -= chunk.length;
      if (left < 0) return failed(new ChannelError("too_large"));
      if (settled) return;
      if (chunks !== null) {
        chunks.push(chunk);
        return;
      }
      const events = parser?.push(chunk);
      if (events === null) return failed(new ChannelError("too_large"));
      for (const event of events ?? [])
        if (!settled && event.event === "message" && event.data.length > 0) take(event.data);
    }

    function end() {
      if (settled) return;
      if (chunks === null) return failed(new ChannelError("protocol_error"));
      const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (status > 299) return give(errorIn(whole));
      take(whole);
      if (!settled) failed(new ChannelError("protocol_error"));
    }

    function errorIn(bytes: Buffer): Answer | null {
      const message = parseMessage(bytes, bytesMax);
      return message.kind === "response" && message.id === id && "error" in message.answer ? message : null;
    }

    function take(bytes: Buffer) {
      const message = parseMessage(bytes, bytesMax);
      if (message.kind === "invalid") return failed(new ChannelError("protocol_error"));
      if (message.kind === "response" && message.id === id) return give(message);
      onOther(message);
    }

    function give(answer: Answer | null): void {
      if (settled) return;
      settle();
      // the connection serves again once the stream has ended; a status that is no answer is not worth the wait
      if (answer === null) stop();
      else if (parser !== null) setTimeout(stop, endMsMax).unref();
      resolve({ status, headers: answered, answer });
    }

    function failed(error: ChannelError): void {
      stop();
      if (settled) return;
      settle();
      reject(new AskFailed(status !== 0, error));
    }

    function aborted(): void {
      failed(new ChannelError("timeout"));
    }

    function settle(): void {
      settled = true;
      signal.removeEventListener("abort", aborted);
    }
  });
}

/** No answer; `sent` when the server had begun to respond, so that the request certainly reached it. */
export class AskFailed extends Error {
  readonly sent: boolean;
  override readonly cause: ChannelError;
  constructor(sent: boolean, cause: ChannelError) {
    super(cause.message, { cause });
    this.name = "AskFailed";
    this.sent = sent;
    this.cause = cause;
  }
}
