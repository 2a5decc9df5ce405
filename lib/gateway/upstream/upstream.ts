import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { HopRequest } from "#lib/mcp/hop.ts";
import type { RpcMessage } from "#lib/mcp/json-rpc.ts";

/** One `tools/call` to be forwarded. `request` was checked and permitted; id and progress token are exchanged on the way. */
export type Forward = {
  request: HopRequest;
  /** The approved tool: its schema may want arguments repeated in headers. */
  tool?: CompiledTool;
  /** Sessions towards the server are kept apart by agent. */
  agentId: string;
  signal: AbortSignal;
  /** Asked at the last moment before the message goes out: whether the call is still permitted. */
  mayGo: () => boolean;
  /** A progress notification with the caller's own token. */
  onProgress: (text: string) => void;
  /** What the server may ask back, where the caller can be asked: then the answer may be `input_required`. */
  capabilities?: JsonObject;
  /** A log message of the server about this request; servers that several agents share tell none. */
  onLog?: (message: Extract<RpcMessage, { kind: "notification" }>) => void;
};

/** A server's answer: the message with the caller's id, otherwise byte for byte, and the same parsed. */
export type UpstreamAnswer = {
  text: string;
  answer: { result: JsonValue } | { error: { code: number; data?: JsonValue | undefined } };
};

/** Why there is no answer. `unreachable` and `not_started`: nothing was executed; for the others that is not known. */
export class UpstreamFailure extends Error {
  readonly code: "unreachable" | "not_started" | "credential" | "timeout" | "too_large" | "broken" | "cancelled";
  constructor(code: UpstreamFailure["code"], options?: ErrorOptions) {
    super(code, options);
    this.name = "UpstreamFailure";
    this.code = code;
  }
}

/** The way to one kind of servers. */
export interface UpstreamLeg {
  /** Forwards once, never again by itself. @throws UpstreamFailure */
  call(target: Target, forward: Forward): Promise<UpstreamAnswer>;
  /** Looks at who is there and what it offers now. @throws UpstreamFailure when that cannot be done */
  inspect(target: Target): Promise<ServerSnapshot>;
  /** Ends what serves other connector versions than these. */
  keep(versionIds: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** Bounds of one call. */
export const callLimits = { timeoutMs: 60_000, answerBytesMax: 8 * 1024 * 1024 } as const;
