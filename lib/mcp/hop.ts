import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import { type RpcId, type RpcMessage, requestText } from "#lib/mcp/json-rpc.ts";

/** A caller's request as it is forwarded. */
export type HopRequest = { id: RpcId; method: string; params: JsonObject | undefined };

/**
 * A caller's request under an id of ours, which also replaces its progress token: ids and tokens of different callers never meet.
 * @returns the text for the wire, and the caller's own token as JSON text (null when it wants no progress)
 */
export function outgoing({ method, params }: HopRequest, id: number): { text: string; callerToken: string | null } {
  const meta = params?._meta;
  if (!isJsonObject(meta) || meta.progressToken === undefined)
    return { text: requestText(id, method, params), callerToken: null };
  const ours = { ...params, _meta: { ...meta, progressToken: id } };
  return { text: requestText(id, method, ours), callerToken: JSON.stringify(meta.progressToken) };
}

/** A server's answer under the caller's id, otherwise as the server wrote it. */
export function answerFor({ text, id }: Extract<RpcMessage, { kind: "response" }>, callerId: RpcId): string {
  const own = JSON.stringify(callerId);
  // The usual places of an id, so that a long result need not be walked through. Both are members of the outermost object.
  const first = `{"jsonrpc":"2.0","id":${id},`;
  if (text.startsWith(first)) return `{"jsonrpc":"2.0","id":${own},${text.slice(first.length)}`;
  const last = `,"id":${id}}`;
  if (text.endsWith(last)) return `${text.slice(0, -last.length)},"id":${own}}`;
  const span = findValue(text, ["id"]);
  return span === null ? text : replaceSpan(text, span, own);
}

/** An answer with `resultType` (MCP 2026-07-28): a result that names none is complete. `result` is the same, parsed. */
export function completed(text: string, result: JsonValue): string {
  if (!isJsonObject(result) || result.resultType !== undefined) return text;
  const start = findMember(text, skipSpace(text, 0), "result");
  if (start === null) return text;
  const comma = Object.keys(result).length === 0 ? "" : ",";
  return `${text.slice(0, start + 1)}"resultType":"complete"${comma}${text.slice(start + 1)}`;
}

/** A server's progress notification under the caller's token (JSON text). */
export function progressFor({ text }: Extract<RpcMessage, { kind: "notification" }>, callerToken: string): string {
  const span = findValue(text, ["params", "progressToken"]);
  return span === null ? text : replaceSpan(text, span, callerToken);
}

/** Where a JSON value stands in its text: `[start, end)`. */
type Span = { start: number; end: number };

/**
 * Finds the value at a path of member names in a JSON text that is known to be valid and free of duplicate names; null when absent.
 * Lets ids and progress tokens be exchanged without re-serialising a message, so that everything else stays as it was written.
 */
export function findValue(text: string, path: readonly string[]): Span | null {
  let at = skipSpace(text, 0);
  for (const name of path) {
    const next = findMember(text, at, name);
    if (next === null) return null;
    at = next;
  }
  return { start: at, end: skipValue(text, at) };
}

function replaceSpan(text: string, { start, end }: Span, value: string): string {
  return text.slice(0, start) + value + text.slice(end);
}

function findMember(text: string, object: number, name: string): number | null {
  if (text[object] !== "{") return null;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const nameEnd = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (JSON.parse(text.slice(at, nameEnd)) === name) return value;
    at = skipSpace(text, skipValue(text, value));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return null;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first !== "{" && first !== "[") {
    let at = start;
    while (at < text.length && !/[\s,}\]]/.test(text.charAt(at))) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && escaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function escaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return at;
}
