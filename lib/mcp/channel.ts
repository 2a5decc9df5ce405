import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";

/** Why a look at a server failed; the closed list that a probe reports. */
export type ChannelFailure =
  | "egress_refused"
  | "unreachable"
  | "tls_invalid"
  | "timeout"
  | "too_large"
  | "looping"
  | "not_mcp"
  | "protocol_error"
  | "http_error";

/** Bounds of one request: its own time, and the caller's wish to stop. */
export type RequestBounds = { timeoutMs: number; signal: AbortSignal };

/** One conversation with one MCP server, whatever carries it. Implementations own ids, framing and size caps. */
export interface McpChannel {
  /**
   * Sends one request and waits for its answer's `result`.
   * @throws ChannelError when the server cannot be reached or breaks the protocol
   * @throws RpcError when the server answers with a JSON-RPC error
   */
  request(method: string, params: JsonObject | undefined, bounds: RequestBounds): Promise<JsonValue>;
  /** Sends one notification; nothing is awaited beyond its delivery. */
  notify(method: string, params?: JsonObject): Promise<void>;
  /** Ends the conversation; never throws, may be called twice. */
  close(): Promise<void>;
}

/** The conversation itself failed. Carries a code only: no address, no remote text. */
export class ChannelError extends Error {
  readonly code: ChannelFailure;
  constructor(code: ChannelFailure, options?: ErrorOptions) {
    super(code, options);
    this.name = "ChannelError";
    this.code = code;
  }
}

/** The server does not shake hands; it may be one of the stateless era (MCP 2026-07-28). */
export class HandshakeRefused extends ChannelError {}

/** The server asked for a credential (HTTP 401); `scheme` is the scheme of `WWW-Authenticate`, lower case, or null. */
export class CredentialNeeded extends Error {
  readonly scheme: string | null;
  constructor(scheme: string | null) {
    super("needs_credential");
    this.name = "CredentialNeeded";
    this.scheme = scheme;
  }
}

/** The server understood and refused: a JSON-RPC error object. Its text is the server's and is not kept. */
export class RpcError extends Error {
  readonly rpcCode: number;
  constructor(rpcCode: number) {
    super(`json-rpc error ${rpcCode}`);
    this.name = "RpcError";
    this.rpcCode = rpcCode;
  }
}
