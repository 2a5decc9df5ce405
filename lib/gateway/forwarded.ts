import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import type { Use } from "#lib/gateway/uses.ts";
import type { HopRequest } from "#lib/mcp/hop.ts";
import type { RpcMessage } from "#lib/mcp/json-rpc.ts";

type Request = Extract<RpcMessage, { kind: "request" }>;

/** The message that goes to the server: exactly what was decided on and recorded, plus `_meta`. */
export function forwardedMessage({ id, method, params }: Request, use: Use): HopRequest {
  const meta = params?._meta;
  return { id, method, params: meta === undefined ? use.params : { ...use.params, _meta: meta } };
}

/** Whether two members of one object differ in case only: which of them a server reads is its affair, so neither is sent. */
export function hasTwins(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasTwins);
  const entries = Object.entries(value as JsonObject);
  if (entries.length > 1 && new Set(entries.map(([key]) => key.toLowerCase())).size < entries.length) return true;
  return entries.some(([, item]) => hasTwins(item));
}
