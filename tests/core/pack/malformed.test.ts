import { expect, test } from "vitest";
import { utf8, utf8Text } from "#lib/core/log/bytes.ts";
import { leafBytes } from "#lib/core/log/event.ts";
import { signManifest } from "#lib/core/pack/build.ts";
import { parseManifest } from "#lib/core/pack/manifest.ts";
import { verifyPack } from "#lib/core/pack/verify.ts";
import { sha256 } from "#tests/core/log/crypto.ts";
import {
  edited,
  entriesOf,
  type Files,
  fromIndex,
  judge,
  logKey,
  logOf,
  sampleEvent,
  sampleLeaves,
  samplePack,
  size,
  toIndex,
  trust,
} from "#tests/core/pack/sample.ts";

/** Leaves that a database owner can put into a log; 52 is a denial. */
const bad: Record<string, Uint8Array> = {
  "no JSON": utf8("\u001b[2J{"),
  "no UTF-8": Uint8Array.of(0x22, 0xff, 0x22),
  "no event": utf8("{}"),
  "not canonical": utf8(`${utf8Text(leafBytes(sampleEvent(52)))} `),
  "a member twice": utf8(utf8Text(leafBytes(sampleEvent(52))).replace('"v":1', '"v":1,"v":1')),
  "half a character": utf8('{"data":{"x":"\\ud800"},"id":"evt_1"}'),
  "another event's id": leafBytes({ ...sampleEvent(52), id: sampleEvent(51).id }),
  "a depth that nobody reads": utf8("[".repeat(60_000)),
};

function packWith(leaf: Uint8Array): Files {
  const leaves = sampleLeaves.map((own, i) => (i === 52 ? leaf : own));
  const log = logOf(leaves);
  return samplePack({
    checkpoint: log.checkpoint(size),
    previous: { checkpoint: log.checkpoint(25), proof: log.consistency(25, size) },
    entries: entriesOf(leaves),
    rangeProof: log.range(fromIndex, toIndex, size),
  });
}

test.each(Object.entries(bad))(
  "an entry that tells no event (%s) goes in as it is, is listed, and is no edit",
  (_, leaf) => {
    const files = packWith(leaf);
    expect(judge(files)).toEqual({ verdict: "MALFORMED", failed: ["leaf"] });
    const { findings, manifest, checks } = verifyPack(files, trust);
    expect(checks).toMatchObject({ inclusion: "passed", population: "passed", consistency: "passed" });
    expect(manifest?.anomalies).toEqual([52]);
    expect(findings.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^Entry 52: [\w ,.'-]+$/)]);
    const readme = utf8Text(files.get("README.txt") ?? new Uint8Array(0));
    expect(readme).toMatch(/ANOMALIES[\s\S]+\n {2}entry 52: /);
    expect(readme).not.toContain("\u001b");
  },
);

test("entries that tell no event are those listed, no more and no fewer", () => {
  const listing = (files: Files, anomalies: number[]): Files => {
    const manifest = parseManifest(files.get("manifest.json") ?? new Uint8Array(0));
    return new Map([...files, ...signManifest({ ...manifest, anomalies }, sha256, logKey.signer)]);
  };
  const malformed = packWith(utf8("{}"));
  for (const files of [listing(malformed, []), listing(malformed, [51, 52]), listing(samplePack(), [52])]) {
    expect(judge(files)).toMatchObject({ verdict: "TAMPERED", failed: ["leaf"] });
  }
  const many = sampleLeaves.map(() => utf8("{}"));
  const log = logOf(many);
  const all = samplePack({
    checkpoint: log.checkpoint(size),
    previous: undefined,
    entries: entriesOf(many),
    rangeProof: log.range(fromIndex, toIndex, size),
  });
  expect(judge(all)).toEqual({ verdict: "MALFORMED", failed: ["leaf"] });
  expect(judge(listing(all, [52]))).toMatchObject({ verdict: "TAMPERED", failed: ["leaf"] });
  expect(judge(listing(malformed, [52]))).toEqual({ verdict: "MALFORMED", failed: ["leaf"] });
  expect(utf8Text(samplePack().get("README.txt") ?? new Uint8Array(0))).not.toContain("ANOMALIES");
});

test("what else is wrong is said before it", () => {
  const files = edited(packWith(utf8("{}")), "population/calls.csv", (text) => text.replace("call_7,", "call_8,"));
  expect(judge(files).verdict).toBe("TAMPERED");
});
