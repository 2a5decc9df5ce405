import { RE2JS } from "re2js";
import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import type { CompiledConnector } from "#lib/core/decision/snapshot.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";

/**
 * What a request uses. `args` is what is decided on and committed to; `params` is what goes to the server beside `_meta`: exactly the
 * members that were decided on. Others stay behind, because a server that reads names without regard to case could take them for these.
 */
export type Use = {
  kind: CapabilityKind;
  action: "invoke" | "read";
  name: string;
  args: JsonObject;
  params: JsonObject;
  /** A repeated call of the stateless era: answers to what the server asked, and the state that it gave along. */
  answers: { inputResponses: JsonObject | undefined; requestState: string | undefined } | null;
};

type Read = Omit<Use, "answers">;

const readers: Readonly<Record<string, (params: JsonObject) => Read | null>> = {
  "tools/call": ({ name, arguments: args = {} }) =>
    isName(name) && isJsonObject(args)
      ? { kind: "tool", action: "invoke", name, args, params: { name, arguments: args } }
      : null,
  "prompts/get": ({ name, arguments: args = {} }) =>
    isName(name) && isJsonObject(args) && Object.values(args).every((value) => typeof value === "string")
      ? { kind: "prompt", action: "read", name, args, params: { name, arguments: args } }
      : null,
  "resources/read": ({ uri }) =>
    isName(uri) ? { kind: "resource", action: "read", name: uri, args: { uri }, params: { uri } } : null,
  "completion/complete": ({ ref, argument, context }) => {
    if (!isJsonObject(ref) || !isJsonObject(argument)) return null;
    const params = { ref, argument, ...(isJsonObject(context) ? { context } : {}) };
    const { type, name, uri } = ref;
    if (type === "ref/prompt" && isName(name)) return { kind: "prompt", action: "read", name, args: params, params };
    if (type === "ref/resource" && isName(uri))
      return { kind: "resource_template", action: "read", name: uri, args: params, params };
    return null;
  },
};

/** Whether a method uses something of a server, so that it is decided, recorded and forwarded. */
export function isUse(method: string): boolean {
  return Object.hasOwn(readers, method);
}

/** What a request uses; null when its params are not what the method asks for. */
export function readUse(method: string, params: JsonObject = {}): Use | null {
  const read = Object.hasOwn(readers, method) ? readers[method]?.(params) : null;
  if (!read) return null;
  const { inputResponses, requestState } = params;
  if (inputResponses === undefined && requestState === undefined) return { ...read, answers: null };
  if (inputResponses !== undefined && !isJsonObject(inputResponses)) return null;
  if (requestState !== undefined && typeof requestState !== "string") return null;
  return { ...read, answers: { inputResponses, requestState } };
}

function isName(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/**
 * The use as the connector's registry knows it: a URI that is no resource of its own belongs to the most specific template that it
 * fits, if any. Everything else stays as it is.
 */
export function resolveUse(use: Use, connector: CompiledConnector | undefined): Use {
  if (use.kind !== "resource" || connector === undefined || connector.tools.resource.has(use.name)) return use;
  let best: string | null = null;
  for (const template of connector.tools.resource_template.keys())
    if ((best === null || literals(template) > literals(best)) && fitsTemplate(template, use.name)) best = template;
  return best === null ? use : { ...use, kind: "resource_template", name: best };
}

const expression = /\{([+#./;?&]?)([^{}]*)\}/g;
const compiled = new Map<string, RE2JS | null>();
const compiledMax = 10_000;

function literals(template: string): number {
  return template.replace(expression, "").length;
}

/**
 * Whether a URI is one that a URI template (RFC 6570) gives. A simple expression stands for one path segment, and for nothing that a
 * server could read as more: no `.` or `..`, no encoded slash. Runs in linear time.
 */
export function fitsTemplate(template: string, uri: string): boolean {
  let pattern = compiled.get(template);
  if (pattern === undefined) {
    if (compiled.size >= compiledMax) compiled.clear();
    pattern = compileTemplate(template);
    compiled.set(template, pattern);
  }
  const match = pattern?.matcher(uri);
  if (!match?.matches()) return false;
  for (let at = 1; at <= match.groupCount(); at += 1) if (!isSegment(match.group(at) ?? "x")) return false;
  return true;
}

function isSegment(text: string): boolean {
  return text !== "." && text !== ".." && !/%(?:2f|5c|00)|\\/i.test(text) && !/^(?:%2e|\.)+$/i.test(text);
}

function compileTemplate(template: string): RE2JS | null {
  let source = "";
  let from = 0;
  for (const found of template.matchAll(expression)) {
    source += RE2JS.quote(template.slice(from, found.index)) + partFor(found[1] ?? "", found[2] ?? "");
    from = found.index + found[0].length;
  }
  try {
    return RE2JS.compile(source + RE2JS.quote(template.slice(from)), RE2JS.DOTALL);
  } catch {
    return null;
  }
}

function partFor(operator: string, names: string): string {
  if (operator === "?" || operator === "&") return `(?:[${operator}][^#]*)?`;
  if (operator === "+" || operator === "#") return operator === "#" ? "(?:#.*)?" : ".+";
  const lead = operator === "" ? "" : RE2JS.quote(operator);
  const one = `${lead}([^/?#]+)`;
  return names.endsWith("*")
    ? `(?:${lead}[^?#]+)`
    : names
        .split(",")
        .map(() => one)
        .join(operator === "" ? "," : "");
}
