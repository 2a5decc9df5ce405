import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { sameBytes, utf8, utf8Text } from "#lib/core/log/bytes.ts";

/** SHA-256 of some bytes: 32 bytes. node:crypto on the server, @noble/hashes in the browser. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** HMAC-SHA256 of data under a key: 32 bytes. */
export type HmacSha256 = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** A principal as the log names it: a kind and an identifier, never a name or an address. */
export type LoggedPrincipal = {
  readonly kind: "user" | "agent" | "service" | "system" | "anonymous";
  readonly id: string;
};

/** A leaf read back. Its type is any well-formed one, so that older software can verify a newer log. */
export type LeafEvent = {
  readonly v: 1;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly principal: LoggedPrincipal;
  readonly subjects: readonly string[];
  readonly data: JsonObject;
};

/** The longest leaf in bytes: an entry bundle of C2SP tlog-tiles counts it with a uint16. */
export const longestLeaf = 65_535;

const members = "data,id,principal,subjects,time,type,v";
const eventId = /^evt_[0-9A-Za-z]{1,64}$/;
const eventTypeName = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const utcTime = /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}(\d{3})?Z$/;
const principalKinds: readonly unknown[] = ["user", "agent", "service", "system", "anonymous"];

/** RFC 6962 section 2.1 leaf hash: SHA-256(0x00 || leaf). */
export function leafHash(sha256: Sha256, leaf: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + leaf.length);
  data.set(leaf, 1);
  return sha256(data);
}

/** RFC 6962 section 2.1 node hash: SHA-256(0x01 || left || right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + left.length + right.length);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 1 + left.length);
  return sha256(data);
}

/**
 * What is wrong with the shape of an event, or null when nothing is.
 * @param event any value
 */
export function eventFault(event: JsonValue): string | null {
  if (!isObject(event) || Object.keys(event).sort().join() !== members) return `An event has the members ${members}`;
  const { v, id, type, time, principal, subjects, data } = event;
  if (v !== 1) return "The version of an event is 1";
  if (typeof id !== "string" || !eventId.test(id)) return "The id of an event starts with evt_";
  if (typeof type !== "string" || !eventTypeName.test(type)) return "The type of an event is noun.past-tense";
  if (typeof time !== "string" || !utcTime.test(time))
    return "The time of an event is UTC with 3 or 6 decimals and ends in Z";
  if (!isObject(principal) || Object.keys(principal).sort().join() !== "id,kind") return "A principal has id and kind";
  if (!principalKinds.includes(principal.kind) || typeof principal.id !== "string")
    return "The kind of principal is unknown";
  if (!Array.isArray(subjects) || !subjects.every(isSubject)) return "Subjects are identifiers, sorted, each once";
  return isObject(data) ? null : "The data of an event is an object";
}

/**
 * The event that a leaf holds. The bytes must be exactly the RFC 8785 text of what they say, so one event has one leaf.
 * @throws {TypeError} when they are not, or the event is malformed
 */
export function parseLeaf(leaf: Uint8Array): LeafEvent {
  const event = JSON.parse(utf8Text(leaf)) as JsonValue;
  if (!sameBytes(utf8(canonicalize(event)), leaf)) throw new TypeError("A leaf must be canonical JSON");
  const fault = eventFault(event);
  if (fault !== null) throw new TypeError(fault);
  return event as LeafEvent;
}

function isSubject(subject: unknown, index: number, all: readonly unknown[]): boolean {
  const previous = all[index - 1];
  return typeof subject === "string" && subject !== "" && (typeof previous !== "string" || previous < subject);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
