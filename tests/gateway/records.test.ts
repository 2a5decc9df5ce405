import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { CompiledConnector, CompiledTool } from "#lib/core/decision/snapshot.ts";
import { commitment, leafBytes } from "#lib/core/log/event.ts";
import { createPayloads, hmacSha256, readPayload } from "#lib/gateway/payload.ts";
import { argumentShape, eventRow, intentRow, outcomeRow } from "#lib/gateway/records.ts";
import { redact } from "#lib/gateway/redact.ts";
import { open, seal } from "#lib/platform/seal.ts";

const odd = 'a "quoted" \\ name\u2028with\u0001 ünïcode 😀';
const tool = {
  id: "tol_1",
  name: odd,
  effect: "write",
  reference: JSON.stringify({
    connectorId: "con_1",
    definitionDigest: "d",
    effect: "write",
    kind: "tool",
    name: odd,
    toolId: "tol_1",
    versionId: "ver_1",
  }),
} as CompiledTool;
const connector = { id: "con_1", versionDigest: "v" } as CompiledConnector;
const call = { callId: "cal_1", agentId: "agt_1", connector, tool, grantId: "grt_1" };
const now = Date.UTC(2026, 10, 22, 1, 2, 3, 4) + 0.7;

function isCanonical(leaf: string): boolean {
  return Buffer.from(leafBytes(JSON.parse(leaf))).equals(Buffer.from(leaf));
}

describe("the fast path to a leaf", () => {
  test("gives the bytes that leafBytes gives, for intents, outcomes and other events", () => {
    const shape = argumentShape({ [odd]: [1], known: null, other: {} }, [odd, "known"]);
    const facts = {
      commitment: "c",
      argumentBytes: 12,
      shape,
      sessionId: "ses_1",
      tokenId: odd,
      trace: null,
      epoch: 7,
    };
    expect(isCanonical(intentRow(call, { ...facts, policyVersion: "e7", payload: null }, now).leaf)).toBe(true);
    expect(
      isCanonical(intentRow(call, { ...facts, trace: "00-a", policyVersion: "e7", payload: null }, now).leaf),
    ).toBe(true);
    const nothing = { bytes: null, commitment: null, payload: null };
    expect(
      isCanonical(outcomeRow(call, { status: "unknown", detail: "timeout", latencyMs: 1.6, ...nothing }, now).leaf),
    ).toBe(true);
    const some = { bytes: 3, commitment: "c", payload: null };
    expect(isCanonical(outcomeRow(call, { status: "ok", detail: null, latencyMs: 0, ...some }, now).leaf)).toBe(true);
    const event = eventRow("call.denied", { kind: "agent", id: odd }, ["b", "a", "b"], { z: 1, a: odd }, now);
    expect(isCanonical(event.leaf)).toBe(true);
    expect(JSON.parse(event.leaf)).toMatchObject({ id: event.id, time: event.time, subjects: ["a", "b"] });
  });
});

describe("commitments", () => {
  test("are those of the core, so that whoever has value and salt can check them", () => {
    const value = { text: odd, deep: [1, { b: 2, a: null }] };
    const key = randomBytes(32);
    const { commitment: made, payload } = createPayloads(key)("cal_1", true).commit("arguments", value);
    if (payload === null) throw new Error("nothing was kept");
    const { salt } = readPayload(key, payload);
    const hmac = (secret: Uint8Array, data: Uint8Array) =>
      new Uint8Array(createHmac("sha256", secret).update(data).digest());
    expect(made).toBe(commitment(new Uint8Array(Buffer.from(salt, "hex")), value, hmac));
    expect(hmacSha256(key, odd)).toBe(createHmac("sha256", key).update(odd).digest("hex"));
  });

  test("of values that are not kept differ from call to call, and can be tested by the holder of the key only", () => {
    const key = randomBytes(32);
    const commit = (secret: Buffer, callId: string) =>
      createPayloads(secret)(callId, false).commit("arguments", { id: 1 }).commitment;
    expect(commit(key, "cal_1")).toBe(commit(key, "cal_1"));
    expect(commit(key, "cal_1")).not.toBe(commit(key, "cal_2"));
    expect(commit(key, "cal_1")).not.toBe(commit(randomBytes(32), "cal_1"));
  });
});

describe("what is kept", () => {
  const key = randomBytes(32);
  const kept = createPayloads(key)("cal_1", true).commit("result", { password: "hunter2", note: "x" }).payload;
  if (kept === null) throw new Error("nothing was kept");

  test("is redacted and encrypted", () => {
    expect(kept.ciphertext.includes("note")).toBe(false);
    expect(readPayload(key, kept)).toMatchObject({ value: '{"password":"[redacted]","note":"x"}', cut: false });
  });

  test("cannot be altered, moved to another call or opened with another key", () => {
    const altered = Buffer.from(kept.ciphertext);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    expect(() => readPayload(key, { ...kept, ciphertext: altered })).toThrow();
    expect(() => readPayload(key, { ...kept, callId: "cal_2" })).toThrow();
    expect(() => readPayload(key, { ...kept, part: "arguments" })).toThrow();
    expect(() => readPayload(randomBytes(32), kept)).toThrow();
  });

  test("holds no secret under a telling name and no token inside of a text", () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const text = JSON.stringify(
      redact({
        api_key: "abc",
        Authorization: "anything",
        nested: [{ clientSecret: "s3cret" }],
        text: `use ${jwt} or ghp_0123456789abcdefABCDEF or https://me:letmein@host/ now`,
        pem: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        count: 3,
      }),
    );
    for (const secret of ["abc", "anything", "s3cret", jwt, "ghp_", "letmein", "MIIB"])
      expect(text).not.toContain(secret);
    expect(text).toContain('"count":3');
  });
});

describe("a sealed credential", () => {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");

  test("is opened by the holder of the key only, unaltered", () => {
    const sealed = seal(publicKey, odd);
    expect(sealed.toString()).not.toContain("quoted");
    expect(open(privateKey, sealed)).toBe(odd);
    expect(() => open(generateKeyPairSync("x25519").privateKey, sealed)).toThrow();
    const parts = JSON.parse(sealed.toString()) as Record<string, string>;
    for (const name of ["epk", "iv", "tag", "ct"]) {
      const bytes = Buffer.from(parts[name] ?? "", "base64");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const altered = Buffer.from(JSON.stringify({ ...parts, [name]: bytes.toString("base64") }));
      expect(() => open(privateKey, altered)).toThrow();
    }
  });
});
