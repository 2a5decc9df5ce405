import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { toHex, utf8 } from "#lib/core/log/bytes.ts";
import { type EventType, eventTypes } from "#lib/core/log/event-types.ts";
import { eventFault, type HmacSha256, type LoggedPrincipal, longestLeaf } from "#lib/core/log/leaf.ts";

/**
 * Something that happened, as the log keeps it. Holds no personal data, only identifiers and commitments.
 * `time` is UTC with milliseconds or microseconds, ending in Z. `subjects` are the governed rows that the event names.
 */
export type AuditEvent = {
  readonly v: 1;
  readonly id: string;
  readonly type: EventType;
  readonly time: string;
  readonly principal: LoggedPrincipal;
  readonly subjects: readonly string[];
  readonly data: JsonObject;
};

const known: ReadonlySet<string> = new Set(eventTypes);

/**
 * The bytes of an event, hashed and stored as they are: UTF-8 of its RFC 8785 text. Subjects are sorted and made unique.
 * @throws {TypeError} when the event is malformed, its type unknown or its data not JSON
 * @throws {RangeError} above 65,535 bytes
 */
export function leafBytes(event: AuditEvent): Uint8Array {
  const { v, id, type, time, principal, data } = event;
  if (!known.has(type)) throw new TypeError(`Unknown event type ${type}`);
  const subjects = [...new Set(event.subjects)].sort();
  const leaf = { v, id, type, time, principal: { kind: principal.kind, id: principal.id }, subjects, data };
  const fault = eventFault(leaf);
  if (fault !== null) throw new TypeError(fault);
  const bytes = utf8(canonicalize(leaf));
  if (bytes.length > longestLeaf) throw new RangeError(`A leaf of ${bytes.length} bytes is over ${longestLeaf}`);
  return bytes;
}

/**
 * A commitment to a value that is kept elsewhere: HMAC-SHA256(salt, RFC 8785 text) in hexadecimal. Revealing value and salt
 * proves the value; destroying the salt makes it untestable, even by guessing.
 * @param salt 32 random bytes, fresh for each value
 * @throws {RangeError} for a salt of another length
 */
export function commitment(salt: Uint8Array, value: JsonValue, hmacSha256: HmacSha256): string {
  if (salt.length !== 32) throw new RangeError("A salt has 32 bytes");
  return toHex(hmacSha256(salt, utf8(canonicalize(value))));
}
