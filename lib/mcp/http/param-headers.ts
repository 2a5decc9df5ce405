import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";

/** An argument that is repeated in a header: `Mcp-Param-<header>` (MCP 2026-07-28, Streamable HTTP, "Schema Extension"). */
export type ParamHeader = { path: readonly string[]; header: string; type: "string" | "integer" | "boolean" };

const annotation = "x-mcp-header";
/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const types: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
const depthMax = 64;

/**
 * The arguments that an input schema repeats in headers; null when an annotation is not what the revision allows (a place other than a
 * chain of `properties`, a type that is not primitive, a name that is no token or occurs twice): such a tool is not offered over HTTP.
 */
export function paramHeaders(inputSchema: JsonValue | undefined): ParamHeader[] | null {
  const found: ParamHeader[] = [];
  const names = new Set<string>();
  return isJsonObject(inputSchema) && walk(inputSchema, [], true, 0) ? found : null;

  function walk(node: JsonValue, path: readonly string[], reachable: boolean, depth: number): boolean {
    if (depth > depthMax) return false;
    if (Array.isArray(node)) return node.every((item) => walk(item, path, false, depth + 1));
    if (!isJsonObject(node)) return true;
    if (Object.hasOwn(node, annotation) && !take(node, path, reachable)) return false;
    return Object.entries(node).every(([keyword, value]) => {
      if (keyword === annotation || data.has(keyword)) return true;
      if (keyword !== "properties" || !isJsonObject(value)) return walk(value, path, false, depth + 1);
      return Object.entries(value).every(([name, child]) => walk(child, [...path, name], reachable, depth + 1));
    });
  }

  function take(node: JsonObject, path: readonly string[], reachable: boolean): boolean {
    const { [annotation]: header, type } = node;
    if (!reachable || path.length === 0 || typeof header !== "string" || !token.test(header)) return false;
    const name = header.toLowerCase();
    if (names.has(name) || !types.has(type)) return false;
    names.add(name);
    found.push({ path, header: `mcp-param-${name}`, type: type as ParamHeader["type"] });
    return true;
  }
}

/** Keywords whose values are data, where a member called like the annotation means nothing. */
const data: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);

/** The argument that a header repeats, as it has to read; null where there is nothing to repeat. */
export function paramText(args: JsonObject, { path }: ParamHeader): string | null {
  let value: JsonValue | undefined = args;
  for (const name of path) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return typeof value === "number" && Number.isFinite(value) ? String(value) : null;
}

const encoded = /^=\?base64\?(.*)\?=$/s;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A header's value as it was meant (`=?base64?…?=` holds UTF-8); null when it is encoded wrongly. */
export function readHeaderText(value: string): string | null {
  const inner = encoded.exec(value)?.[1];
  if (inner === undefined) return value;
  if (!base64.test(inner)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(inner, "base64"));
  } catch {
    return null;
  }
}

/** A text as a header's value: as it is when it is visible ASCII without outer blanks, else encoded. */
export function headerText(text: string): string {
  const isPlain = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text) && !encoded.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** Whether a header says what the body says; integers are compared as numbers. */
export function isSameParam(declared: ParamHeader, given: string, expected: string): boolean {
  const text = readHeaderText(given);
  if (text === null) return false;
  if (text === expected) return true;
  return declared.type === "integer" && /^-?\d+(?:\.\d+)?$/.test(text) && Number(text) === Number(expected);
}
