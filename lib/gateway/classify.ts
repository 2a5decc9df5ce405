import type { IncomingHttpHeaders } from "node:http";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { RpcMessage } from "#lib/mcp/json-rpc.ts";

/** Protocol revisions with a handshake that agents may negotiate, newest first. */
export const offeredVersions = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;

/** The stateless revision. */
export const modernVersion = "2026-07-28";

/** Which era a message belongs to. `legacy`: handshake and sessions (to 2025-11-25). `modern`: stateless (2026-07-28). */
export type Era = "legacy" | "modern";

export const versionKey = "io.modelcontextprotocol/protocolVersion";

/**
 * The era rule of MCP 2026-07-28: `initialize` means a session (unless it claims to be stateless, where there is no such method), `_meta` with
 * a version means stateless. A header that names the stateless
 * revision decides only where the body says nothing, so that the request is refused by the right rules.
 */
export function classify(message: RpcMessage, headers: IncomingHttpHeaders): Era {
  if (message.kind !== "response") {
    const meta = message.params?._meta;
    const claimed = isJsonObject(meta) ? meta[versionKey] : undefined;
    if (message.method === "initialize") return claimed === modernVersion ? "modern" : "legacy";
    if (claimed !== undefined) return "modern";
  }
  return headers["mcp-protocol-version"] === modernVersion ? "modern" : "legacy";
}

/** The version to answer `initialize` with: the wanted one when offered, else the newest. */
export function negotiate(wanted: unknown): string {
  return offeredVersions.find((version) => version === wanted) ?? offeredVersions[0];
}

/** Whether a request's `MCP-Protocol-Version` is absent or the one negotiated for its session. */
export function isVersionKept(headers: IncomingHttpHeaders, negotiated: string): boolean {
  const version = headers["mcp-protocol-version"];
  return version === undefined || version === negotiated;
}
