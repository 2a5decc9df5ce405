import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import { ChannelError, type ChannelFailure, type McpChannel, type RequestBounds, RpcError } from "#lib/mcp/channel.ts";
import { answerFor, type HopRequest, outgoing, progressFor } from "#lib/mcp/hop.ts";
import {
  errorText,
  notificationText,
  parseMessage,
  type RpcId,
  type RpcMessage,
  resultText,
} from "#lib/mcp/json-rpc.ts";
import { legacyVersions } from "#lib/mcp/snapshot.ts";
import { type ProcessExit, processLimits, startProcess } from "#lib/mcp/stdio/process.ts";
import type { SandboxCommand } from "#lib/mcp/stdio/sandbox.ts";

/** A call that ended without an answer. `sent` says whether the server may have executed it: such a call is never repeated. */
export class CallInterrupted extends ChannelError {
  readonly sent: boolean;
  constructor(sent: boolean, code: ChannelFailure = "unreachable") {
    super(code);
    this.name = "CallInterrupted";
    this.sent = sent;
  }
}

/** How one forwarded request is bounded and what it hears: `onProgress` gets progress notifications with the caller's own token. */
export type ForwardBounds = RequestBounds & { onProgress?: (text: string) => void };

/** The server's answer, with the caller's id, otherwise byte for byte; `message` is the same, parsed. */
export type ForwardedAnswer = { text: string; message: Extract<RpcMessage, { kind: "response" }> };

/** One initialized stdio server, used by several callers at once: ids and progress tokens are exchanged, never shared. */
export type StdioSession = {
  /** The `result` of the one initialize. */
  readonly initialized: JsonObject;
  /**
   * Forwards a caller's request.
   * @throws ChannelError `timeout`; CallInterrupted when stopped or when the process ends
   */
  forward(request: HopRequest, bounds: ForwardBounds): Promise<ForwardedAnswer>;
  /** A conversation of one user of this session. `initialize` is answered from the one that was made; `close` leaves the process running. */
  channel(): McpChannel;
  /** Hears the server's own list-changed notifications, by method; returns how to stop. */
  onListChanged(listener: (method: string) => void): () => void;
  /** Number of calls without an answer yet. */
  pending(): number;
  close(): Promise<ProcessExit>;
  readonly exited: Promise<ProcessExit>;
  /** The end of the server's stderr: for operators only, never for callers. */
  stderrTail(): string;
  /** Lines on the server's stdout that were no JSON object. */
  skippedLines(): number;
};

const initMs = 15_000;

// No capabilities: a server that is shared may ask nothing of a caller.
const handshake: JsonObject = {
  protocolVersion: legacyVersions[0] ?? null,
  capabilities: {},
  clientInfo: { name: "ambit", version: "1" },
};

type Waiting = {
  resolve(answer: ForwardedAnswer): void;
  reject(error: Error): void;
  callerId: RpcId;
  callerToken: string | null;
  onProgress: ((text: string) => void) | undefined;
};

/**
 * Starts a server and shakes hands with it (initialize, at most 15 s).
 * @throws ChannelError `timeout`, `not_mcp`, `unreachable`; the process is ended then
 */
export async function openSession(command: SandboxCommand): Promise<StdioSession> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(method: string) => void>();
  let nextId = 1;
  let over = false;

  const child = startProcess(command, (raw) => {
    const message = parseMessage(raw, processLimits.lineMax);
    if (message.kind === "response") return answer(message);
    if (message.kind === "request") return refuse(message);
    if (message.kind === "notification") return hear(message);
  });
  const exited = child.exited.then((exit) => {
    over = true;
    for (const one of waiting.values())
      one.reject(new CallInterrupted(true, exit.reason === "line_too_large" ? "too_large" : "unreachable"));
    waiting.clear();
    return exit;
  });

  function answer(message: Extract<RpcMessage, { kind: "response" }>): void {
    const one = typeof message.id === "number" ? waiting.get(message.id) : undefined;
    if (!one || typeof message.id !== "number") return;
    waiting.delete(message.id);
    one.resolve({ text: answerFor(message, one.callerId), message });
  }

  // A shared server may ask nothing of a caller: there is no telling whose turn it is.
  function refuse(message: Extract<RpcMessage, { kind: "request" }>): void {
    const reply =
      message.method === "ping" ? resultText(message.id, {}) : errorText(message.id, -32601, "Method not found");
    child.send(reply);
  }

  function hear(note: Extract<RpcMessage, { kind: "notification" }>): void {
    const { method, params } = note;
    if (method.endsWith("/list_changed")) for (const listener of listeners) listener(method);
    const token = method === "notifications/progress" ? params?.progressToken : undefined;
    const one = typeof token === "number" ? waiting.get(token) : undefined;
    if (one?.onProgress && one.callerToken !== null) one.onProgress(progressFor(note, one.callerToken));
  }

  async function forward(asked: HopRequest, bounds: ForwardBounds): Promise<ForwardedAnswer> {
    if (over || bounds.signal.aborted) throw new CallInterrupted(false);
    const id = nextId;
    nextId += 1;
    const { text, callerToken } = outgoing(asked, id);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new ChannelError("timeout")), bounds.timeoutMs);
    const abort = () => stop.abort(new CallInterrupted(true));
    bounds.signal.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise<ForwardedAnswer>((resolve, reject) => {
        waiting.set(id, { resolve, reject, callerId: asked.id, callerToken, onProgress: bounds.onProgress });
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
        if (!child.send(text)) reject(new CallInterrupted(false));
      });
    } finally {
      clearTimeout(timer);
      bounds.signal.removeEventListener("abort", abort);
      // Only an unanswered call is still listed: the server is told, with the id that it knows.
      if (waiting.delete(id)) child.send(notificationText("notifications/cancelled", { requestId: id }));
    }
  }

  async function request(method: string, params: JsonObject | undefined, bounds: RequestBounds): Promise<JsonValue> {
    const { message } = await forward({ id: 0, method, params }, bounds);
    if ("error" in message.answer) throw new RpcError(message.answer.error.code);
    return message.answer.result;
  }

  const initialized = await shakeHands().catch(async (error: unknown) => {
    await child.close();
    throw error instanceof RpcError ? new ChannelError("not_mcp", { cause: error }) : error;
  });

  async function shakeHands(): Promise<JsonObject> {
    const bounds = { timeoutMs: initMs, signal: new AbortController().signal };
    const result = await request("initialize", handshake, bounds);
    if (!isJsonObject(result) || typeof result.protocolVersion !== "string") throw new ChannelError("not_mcp");
    child.send(notificationText("notifications/initialized"));
    return result;
  }

  return {
    initialized,
    forward,
    exited,
    pending: () => waiting.size,
    close: () => child.close().then(() => exited),
    stderrTail: () => child.stderrTail(),
    skippedLines: () => child.skippedLines(),
    onListChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    channel: () => ({
      request: (method, params, bounds) =>
        method === "initialize" ? Promise.resolve(initialized) : request(method, params, bounds),
      async notify(method, params) {
        if (method === "notifications/initialized") return;
        if (!child.send(notificationText(method, params))) throw new CallInterrupted(false);
      },
      close: () => Promise.resolve(),
    }),
  };
}
