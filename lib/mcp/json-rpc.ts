import { isUtf8 } from "node:buffer";
import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";

/** An id that MCP allows: a string or an integer, never null. */
export type RpcId = string | number;

/** A well-formed message. `text` is what it was read from, of `bytes` bytes. */
export type RpcMessage =
  | ({ kind: "request"; id: RpcId; method: string; params: JsonObject | undefined } & Wire)
  | ({ kind: "notification"; method: string; params: JsonObject | undefined } & Wire)
  | ({ kind: "response"; id: RpcId | null; answer: { result: JsonValue } | { error: RpcErrorObject } } & Wire);

type Wire = { text: string; bytes: number };

export type RpcErrorObject = { code: number; message: string; data: JsonValue | undefined };

/** Bytes that are no acceptable message. `message` is our own text and repeats nothing of the input. */
export type RpcRejection = { kind: "invalid"; id: RpcId | null; code: -32700 | -32600; message: string };

const depthMax = 64;

/**
 * Reads one JSON-RPC 2.0 message strictly: valid UTF-8, at most `bytesMax` bytes and 64 levels, no duplicate member names, no lone surrogates,
 * no batch. Requests and notifications also hold no NUL and no integer beyond ±(2^53 − 1), which two readers could understand differently.
 * Never throws.
 */
export function parseMessage(raw: Buffer, bytesMax: number): RpcMessage | RpcRejection {
  const parsed = parseJson(raw, bytesMax);
  if ("rejected" in parsed) return invalid(parsed.code, parsed.rejected);
  const { value, text, census } = parsed;
  const bytes = raw.length;
  if (Array.isArray(value)) return invalid(-32600, "Batches are not accepted; send one message per request.");
  if (!isJsonObject(value)) return invalid(-32600, "A message is a JSON object.");
  const id = value.id;
  const idOk = typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id));
  if (value.jsonrpc !== "2.0") return invalid(-32600, 'The member "jsonrpc" must be "2.0".', idOk ? id : null);
  if (value.method === undefined) return response(value, idOk ? id : null, { text, bytes });
  if (id !== undefined && !idOk) return invalid(-32600, "The id must be a string or an integer.");
  const answerId = idOk ? id : null;
  const { method, params } = value;
  if (typeof method !== "string" || method === "")
    return invalid(-32600, "The method must be a non-empty string.", answerId);
  if (value.result !== undefined || value.error !== undefined)
    return invalid(-32600, "A message is either a request or a response.", answerId);
  if (params !== undefined && !isJsonObject(params)) return invalid(-32600, "The params must be an object.", answerId);
  if (census.nul) return invalid(-32600, "NUL characters are not accepted.", answerId);
  if (census.unsafeInteger)
    return invalid(-32600, "Integers beyond 2^53 - 1 are not accepted; send them as strings.", answerId);
  return idOk
    ? { kind: "request", id, method, params, text, bytes }
    : { kind: "notification", method, params, text, bytes };
}

/** The same strict reading for a JSON document that is no JSON-RPC message; `rejected` says in our words what is wrong. Never throws. */
export function parseJson(
  raw: Buffer,
  bytesMax: number,
): { value: JsonValue; text: string; census: Census } | { rejected: string; code: -32700 | -32600 } {
  if (raw.length > bytesMax) return { code: -32600, rejected: `The message is larger than ${bytesMax} bytes.` };
  if (!isUtf8(raw)) return { code: -32700, rejected: "The message is not valid UTF-8." };
  const text = raw.toString("utf8");
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: -32700, rejected: "The message is not valid JSON." };
  }
  const census: Census = {
    // Only an escape can bring a lone surrogate or a NUL into valid UTF-8 JSON; without one no string needs a look.
    escapes: text.includes("\\u"),
    members: 0,
    tooDeep: false,
    loneSurrogate: false,
    nul: false,
    unsafeInteger: false,
    infinite: false,
  };
  take(value, 1, census);
  if (census.tooDeep) return { code: -32600, rejected: `The message is nested deeper than ${depthMax} levels.` };
  if (census.loneSurrogate) return { code: -32700, rejected: "The message holds a lone surrogate." };
  if (census.infinite) return { code: -32700, rejected: "The message holds a number out of range." };
  if (countMembers(raw) !== census.members)
    return { code: -32700, rejected: "A member name occurs twice in one object." };
  return { value, text, census };
}

/** A request as text for the wire. */
export function requestText(id: RpcId, method: string, params?: JsonObject): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** A notification as text for the wire. */
export function notificationText(method: string, params?: JsonObject): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** A result as text for the wire. */
export function resultText(id: RpcId, result: JsonValue): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

/** An error as text for the wire; `id` is null when the request's id could not be read. */
export function errorText(id: RpcId | null, code: number, message: string, data?: JsonValue): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}

type Census = {
  escapes: boolean;
  members: number;
  tooDeep: boolean;
  loneSurrogate: boolean;
  nul: boolean;
  unsafeInteger: boolean;
  infinite: boolean;
};

function response(value: JsonObject, id: RpcId | null, wire: Wire): RpcMessage | RpcRejection {
  const { result, error } = value;
  if (result !== undefined && error === undefined && id !== null)
    return { kind: "response", id, answer: { result }, ...wire };
  if (result === undefined && isJsonObject(error)) {
    const { code, message, data } = error;
    if (typeof code === "number" && Number.isSafeInteger(code) && typeof message === "string")
      return { kind: "response", id, answer: { error: { code, message, data } }, ...wire };
  }
  return invalid(-32600, "A message needs a method, or an id with either a result or an error.", id);
}

function invalid(code: RpcRejection["code"], message: string, id: RpcId | null = null): RpcRejection {
  return { kind: "invalid", id, code, message };
}

/** Counts what the parsed value holds; a duplicate member is lost in parsing, so it shows as a difference to `countMembers`. */
function take(value: JsonValue, depth: number, census: Census): void {
  if (typeof value === "string") {
    if (census.escapes) takeText(value, census);
    return;
  }
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return;
    if (!Number.isFinite(value)) census.infinite = true;
    else if (Number.isInteger(value)) census.unsafeInteger = true;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (depth > depthMax) {
    census.tooDeep = true;
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) take(item, depth + 1, census);
    return;
  }
  // An own "__proto__" member reads as the plain data property that JSON.parse made; nothing is inherited or assigned here.
  const members = value as JsonObject;
  for (const key of Object.keys(members)) {
    census.members += 1;
    if (census.escapes) takeText(key, census);
    const item = members[key];
    if (item !== undefined) take(item, depth + 1, census);
  }
}

function takeText(text: string, census: Census): void {
  if (!text.isWellFormed()) census.loneSurrogate = true;
  if (text.includes("\u0000")) census.nul = true;
}

/** Members written in a document that is known to be valid JSON: the colons outside its strings. */
function countMembers(raw: Buffer): number {
  let members = 0;
  const end = raw.length;
  for (let at = 0; at < end; at += 1) {
    const byte = raw[at];
    if (byte === 0x3a) members += 1;
    else if (byte === 0x22) {
      at += 1;
      while (raw[at] !== 0x22) at += raw[at] === 0x5c ? 2 : 1;
    }
  }
  return members;
}
