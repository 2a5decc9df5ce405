import { expect, test } from "vitest";
import { utf8, utf8Text } from "#lib/core/log/bytes.ts";
import { type AuditEvent, commitment, leafBytes } from "#lib/core/log/event.ts";
import { eventTypes } from "#lib/core/log/event-types.ts";
import { leafHash, parseLeaf } from "#lib/core/log/leaf.ts";
import { hmacSha256, sha256 } from "#tests/core/log/crypto.ts";

const event: AuditEvent = {
  v: 1,
  id: "evt_01",
  type: "grant.issued",
  time: "2026-11-22T10:00:00.000001Z",
  principal: { kind: "system", id: "system" },
  subjects: ["grt_2", "con_1", "grt_2"],
  data: { expiry: null, amount: 10.5 },
};

test("one event has one leaf: canonical JSON with sorted, unique subjects", () => {
  const text = utf8Text(leafBytes(event));
  expect(text).toBe(
    '{"data":{"amount":10.5,"expiry":null},"id":"evt_01","principal":{"id":"system","kind":"system"},"subjects":["con_1","grt_2"],"time":"2026-11-22T10:00:00.000001Z","type":"grant.issued","v":1}',
  );
  expect(parseLeaf(utf8(text))).toEqual({ ...event, subjects: ["con_1", "grt_2"] });
});

test("a malformed event is refused before it is hashed", () => {
  const malformed: Record<string, unknown>[] = [
    { v: 2 },
    { id: "req_1" },
    { type: "grant.given" },
    { time: "2026-11-22T10:00:00Z" },
    { time: "2026-11-22T10:00:00.000+01:00" },
    { time: "2026-13-22T10:00:00.000Z" },
    { principal: { kind: "robot", id: "x" } },
    { subjects: [""] },
    { data: [] },
    { data: { when: new Date(0) } },
    { data: { missing: undefined } },
  ];
  for (const change of malformed) expect(() => leafBytes({ ...event, ...change } as AuditEvent)).toThrow(TypeError);
});

test("a leaf of 65,535 bytes is the longest", () => {
  const padded = (length: number) => leafBytes({ ...event, data: { pad: "x".repeat(length) } });
  const room = 65_535 - padded(0).length;
  expect(padded(room)).toHaveLength(65_535);
  expect(() => padded(room + 1)).toThrow(RangeError);
});

test("bytes that say the same event otherwise are no leaf", () => {
  const text = utf8Text(leafBytes(event));
  const other = [
    ` ${text}`,
    `\ufeff${text}`,
    text.replace('"v":1', '"v":1.0'),
    text.replace('"v":1', '"v":1,"v":1'),
    text.replace('["con_1","grt_2"]', '["grt_2","con_1"]'),
    text.replace('"v":1', '"v":1,"x":1'),
  ];
  for (const variant of other) expect(() => parseLeaf(utf8(variant))).toThrow();
  expect(() => parseLeaf(Uint8Array.of(0xff))).toThrow();
});

test("every event type is a noun and a past tense or a state, each listed once", () => {
  expect(new Set(eventTypes).size).toBe(eventTypes.length);
  for (const type of eventTypes) expect(parseLeaf(leafBytes({ ...event, type })).type).toBe(type);
});

test("a leaf hash is of the bytes, not of their meaning", () => {
  expect(leafHash(sha256, utf8("a"))).toEqual(sha256(utf8("\u0000a")));
});

test("a commitment is HMAC-SHA256 over the canonical text, so it depends on salt and value only", () => {
  const salt = new Uint8Array(32).fill(7);
  const expected = Buffer.from(hmacSha256(salt, utf8('{"a":1,"b":2}'))).toString("hex");
  expect(commitment(salt, { b: 2, a: 1 }, hmacSha256)).toBe(expected);
  expect(commitment(new Uint8Array(32), { a: 1, b: 2 }, hmacSha256)).not.toBe(expected);
  expect(() => commitment(new Uint8Array(16), 1, hmacSha256)).toThrow(RangeError);
});
