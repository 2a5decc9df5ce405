import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import { messageHeaders } from "#lib/mcp/http/headers.ts";
import { headerText } from "#lib/mcp/http/param-headers.ts";

/** The revision of the stateless era that Ambit speaks to servers. */
export const modernVersion = "2026-07-28";

/** Where a result names the server that made it. */
export const serverInfoKey = "io.modelcontextprotocol/serverInfo";

/** The error of a server that needs a capability which its caller did not declare. */
export const missingCapability = -32021;

/** What every request says of us. */
const envelope: JsonObject = {
  "io.modelcontextprotocol/protocolVersion": modernVersion,
  "io.modelcontextprotocol/clientInfo": { name: "ambit", version: "1" },
};

/** What `Mcp-Name` repeats of a request's params. */
const nameFields: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
]);

/**
 * Params with our envelope in `_meta`. A caller's own envelope gives way to it, its other members stay.
 * @param capabilities what a server may ask back; nothing when left out
 */
export function withEnvelope(params: JsonObject | undefined, capabilities: JsonObject = {}): JsonObject {
  const meta = isJsonObject(params?._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, ...envelope, "io.modelcontextprotocol/clientCapabilities": capabilities } };
}

/** The headers of one request (MCP 2026-07-28, Streamable HTTP, "Standard Request Headers"), the credential included. */
export function modernHeaders(
  method: string,
  params: JsonObject,
  credential: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers = messageHeaders({ sessionId: null, protocolVersion: modernVersion }, credential);
  headers["mcp-method"] = method;
  const name = params[nameFields.get(method) ?? ""];
  if (typeof name === "string") headers["mcp-name"] = headerText(name);
  return headers;
}

/** Whether a result is the end of its request. One without `resultType` is, anything but `complete` wants more from the caller. */
export function isComplete(result: JsonValue): boolean {
  return !isJsonObject(result) || result.resultType === undefined || result.resultType === "complete";
}

/** Whether a result asks the caller for more before the request can be answered. */
export function asksBack(result: JsonValue): boolean {
  return isJsonObject(result) && result.resultType === "input_required";
}
