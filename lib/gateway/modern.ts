import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import { modernVersion, offeredVersions, versionKey } from "#lib/gateway/classify.ts";
import { isList } from "#lib/gateway/lists.ts";
import { isUse } from "#lib/gateway/uses.ts";
import { isSameParam, type ParamHeader, paramText, readHeaderText } from "#lib/mcp/http/param-headers.ts";
import type { RpcMessage } from "#lib/mcp/json-rpc.ts";

type Request = Extract<RpcMessage, { kind: "request" }>;

/** A request of the stateless era that is not what MCP 2026-07-28 asks for. */
export type Rejection = { status: 400 | 404; code: number; message: string; data?: JsonObject };

const capabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
const headerMismatch = -32020;
const unsupportedVersion = -32022;

/** What `Mcp-Name` repeats of the body. */
const nameFields: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/**
 * Whether a request is one of MCP 2026-07-28 that is served here: version, envelope, method and the headers that repeat the body, in that
 * order. Decisions are made from the body; a header that says something else refuses the request before anything is decided.
 */
export function checkModern(headers: IncomingHttpHeaders, { method, params }: Request): Rejection | null {
  const meta = isJsonObject(params?._meta) ? params._meta : {};
  const version = meta[versionKey];
  const versionHeader = headers["mcp-protocol-version"];
  if (typeof version !== "string")
    return { status: 400, code: -32602, message: `params._meta needs "${versionKey}" as a string.` };
  if (versionHeader !== undefined && versionHeader !== version) return mismatch("MCP-Protocol-Version");
  if (version !== modernVersion) {
    const supported = [modernVersion, ...offeredVersions];
    const message = "This protocol version is not served.";
    return { status: 400, code: unsupportedVersion, message, data: { supported, requested: version } };
  }
  if (!isJsonObject(meta[capabilitiesKey]))
    return { status: 400, code: -32602, message: `params._meta needs "${capabilitiesKey}" as an object.` };
  if (!isOffered(method)) return { status: 404, code: -32601, message: "This method is not offered." };
  if (versionHeader === undefined) return mismatch("MCP-Protocol-Version");
  if (headers["mcp-method"] !== method) return mismatch("Mcp-Method");
  const field = Object.hasOwn(nameFields, method) ? nameFields[method] : undefined;
  const name = field === undefined ? undefined : params?.[field];
  if (typeof name !== "string") return null;
  const given = headers["mcp-name"];
  return typeof given === "string" && readHeaderText(given) === name ? null : mismatch("Mcp-Name");
}

function isOffered(method: string): boolean {
  return method === "server/discover" || method === "subscriptions/listen" || isList(method) || isUse(method);
}

/** Whether the headers repeat the arguments that the tool's approved schema wants repeated. */
export function checkParams(
  headers: IncomingHttpHeaders,
  declared: readonly ParamHeader[],
  args: JsonObject,
): Rejection | null {
  for (const one of declared) {
    const expected = paramText(args, one);
    if (expected === null) continue;
    const given = headers[one.header];
    if (typeof given !== "string" || !isSameParam(one, given, expected)) return mismatch(one.header);
  }
  return null;
}

function mismatch(header: string): Rejection {
  const message = `The header ${header} is missing or says something else than the body.`;
  return { status: 400, code: headerMismatch, message, data: { mismatch: { header } } };
}
