import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";

/** Protocol revisions that agents may negotiate, newest first. */
export const offeredVersions = ["2025-11-25", "2025-06-18"] as const;

/**
 * Which era a message belongs to. `legacy`: handshake and sessions (to 2025-11-25). `modern`: stateless, marked by its `_meta`
 * (2026-07-28); recognised so that it gets a clear answer, served later.
 */
export type Era = "legacy" | "modern";

const versionKey = "io.modelcontextprotocol/protocolVersion";

/** The era rule of MCP 2026-07-28: modern `_meta` means stateless, `initialize` means a session. Headers alone decide nothing. */
export function classify(method: string, params: JsonObject | undefined): Era {
  if (method === "initialize") return "legacy";
  const meta = params?._meta;
  return isJsonObject(meta) && typeof meta[versionKey] === "string" ? "modern" : "legacy";
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
