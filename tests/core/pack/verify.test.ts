import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { utf8, utf8Text } from "#lib/core/log/bytes.ts";
import { leafBytes } from "#lib/core/log/event.ts";
import { signManifest } from "#lib/core/pack/build.ts";
import { type PackEntry, proofText } from "#lib/core/pack/entries.ts";
import { parseManifest } from "#lib/core/pack/manifest.ts";
import { verifyPack, verifyPackZip } from "#lib/core/pack/verify.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import { sha256 } from "#tests/core/log/crypto.ts";
import {
  edited,
  entriesOf,
  type Files,
  fromIndex,
  judge,
  judged,
  logKey,
  logOf,
  relisted,
  sampleEvent,
  sampleLeaves,
  samplePack,
  size,
  strangerKey,
  toIndex,
  trust,
} from "#tests/core/pack/sample.ts";

const pack = samplePack();
const entries = entriesOf(sampleLeaves);
const forged = (i: number) => leafBytes({ ...sampleEvent(i), data: { callId: "call_forged", tool: "delete_all" } });
const withLeaf = (i: number, leaf: Uint8Array) => sampleLeaves.map((own, at) => (at === i ? leaf : own));
const clean = { verdict: "verified", failed: [] };

test("an untouched pack is verified, every check passed, the same bytes each time", () => {
  const verdict = verifyPackZip(writeZip(pack), trust);
  expect(verdict.findings).toEqual([]);
  expect(Object.values(verdict.checks).every((state) => state === "passed")).toBe(true);
  expect(verdict.manifest?.tree).toMatchObject({ fromIndex, toIndex, size });
  expect(writeZip(samplePack())).toEqual(writeZip(pack));
});

test("a browser's hash and signature functions reach the same verdict", () => {
  const browser = {
    vkey: trust.vkey,
    sha256: (data: Uint8Array) => nobleSha256(data),
    ed25519Verify: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
      ed25519.verify(signature, message, key, { zip215: false }),
  };
  expect(judged(verifyPack(pack, browser))).toEqual(clean);
  expect(
    judged(
      verifyPack(
        edited(pack, "README.txt", (text) => `${text} `),
        browser,
      ),
    ).verdict,
  ).toBe("TAMPERED");
});

test("packs without an earlier checkpoint, of no entries, of the whole log and of an empty log are verified", () => {
  const log = logOf(sampleLeaves);
  const range = (from: number, to: number, count: number) => ({
    fromIndex: from,
    toIndex: to,
    entries: entriesOf(sampleLeaves, from, to),
    checkpoint: log.checkpoint(count),
    rangeProof: log.range(from, to, count),
    previous: undefined,
  });
  for (const [from, to, count] of [
    [30, 80, 90],
    [0, 90, 90],
    [40, 40, 90],
    [0, 0, 0],
    [89, 90, 90],
  ] as const) {
    expect(judge(samplePack(range(from, to, count)))).toEqual(clean);
  }
});

test("an edited column is found, also when the manipulated table was exported and signed faithfully", () => {
  const table = edited(pack, "population/calls.csv", (text) => text.replace("call_7,", "call_8,"));
  expect(judge(table)).toEqual({ verdict: "TAMPERED", failed: ["file-digest", "population"] });
  const { findings, verdict } = verifyPack(relisted(table, logKey.signer), trust);
  expect(verdict).toBe("TAMPERED");
  expect(findings.map(({ detail }) => detail)).toEqual(["The row of evt_0035 differs from the log in data.callId"]);
});

test("an edited leaf is found, with or without the column that repeats it", () => {
  const leaves = withLeaf(35, forged(35));
  const both = samplePack({ entries: entriesOf(leaves) });
  expect(judge(both)).toEqual({ verdict: "TAMPERED", failed: ["inclusion"] });
  const leafOnly = new Map(both).set("population/calls.csv", pack.get("population/calls.csv") ?? new Uint8Array(0));
  expect(judge(relisted(leafOnly, logKey.signer))).toEqual({
    verdict: "TAMPERED",
    failed: ["inclusion", "population"],
  });
});

test("an edited leaf is found when its hashes were recomputed and a proof made for the new tree", () => {
  const rewritten = logOf(withLeaf(35, forged(35)));
  const change = {
    entries: entriesOf(withLeaf(35, forged(35))),
    rangeProof: rewritten.range(fromIndex, toIndex, size),
  };
  expect(judge(samplePack(change))).toEqual({ verdict: "TAMPERED", failed: ["inclusion"] });
});

test("a deleted entry is a gap in the middle and at the end, and tampering once renumbered or cut out of the pack", () => {
  const without = (index: number) => entries.filter((entry) => entry.index !== index);
  expect(judge(samplePack({ entries: without(50) }))).toEqual({ verdict: "GAP", failed: ["contiguity"] });
  expect(judge(samplePack({ entries: without(toIndex - 1) }))).toEqual({ verdict: "GAP", failed: ["contiguity"] });
  const renumbered = without(50).map(({ leaf }, i) => ({ index: fromIndex + i, leaf }));
  const shorter = { entries: renumbered, toIndex: toIndex - 1 };
  expect(judge(samplePack(shorter))).toEqual({ verdict: "TAMPERED", failed: ["inclusion"] });
  const cut = edited(pack, "log/entries.jsonl", (text) => text.replace(/^\{"i":50,.*\n/m, ""));
  expect(judge(cut).verdict).toBe("TAMPERED");
  expect(judge(cut).failed).toContain("contiguity");
});

test("an inserted, repeated, reordered or swapped entry is tampering", () => {
  const [first, second, ...rest] = entries;
  if (first === undefined || second === undefined) throw new Error("no entries");
  const cases: [PackEntry[], string][] = [
    [[...entries, { index: toIndex, leaf: forged(85) }], "contiguity"],
    [[...entries.slice(0, 9), { index: fromIndex + 8, leaf: forged(85) }, ...entries.slice(9)], "order"],
    [[first, first, second, ...rest], "order"],
    [[second, first, ...rest], "order"],
    [[{ index: first.index, leaf: second.leaf }, { index: second.index, leaf: first.leaf }, ...rest], "inclusion"],
    [[{ index: first.index, leaf: second.leaf }, second, ...rest], "leaf"],
  ];
  for (const [changed, check] of cases) {
    const { verdict, failed } = judge(samplePack({ entries: changed }));
    expect(verdict).toBe("TAMPERED");
    expect(failed).toContain(check);
  }
});

test("an old checkpoint in place of the pack's own is stale", () => {
  const old = logOf(sampleLeaves).checkpoint(60);
  expect(judge(edited(pack, "checkpoint.txt", () => old))).toEqual({ verdict: "STALE", failed: ["checkpoint"] });
});

test("two signed roots for one size are a fork, in the pack and against a checkpoint that was kept", () => {
  const fork = logOf(withLeaf(10, forged(10)));
  expect(judge(edited(pack, "checkpoint.txt", () => fork.checkpoint(size)))).toEqual({
    verdict: "FORK",
    failed: ["checkpoint"],
  });
  const rewritten = samplePack({
    checkpoint: fork.checkpoint(size),
    rangeProof: fork.range(fromIndex, toIndex, size),
    previous: { checkpoint: logOf(sampleLeaves).checkpoint(25), proof: fork.consistency(25, size) },
  });
  expect(judge(rewritten)).toEqual({ verdict: "FORK", failed: ["consistency"] });
  const hidden = samplePack({
    checkpoint: fork.checkpoint(size),
    rangeProof: fork.range(fromIndex, toIndex, size),
    previous: { checkpoint: fork.checkpoint(25), proof: fork.consistency(25, size) },
  });
  const log = logOf(sampleLeaves);
  expect(judge(hidden)).toEqual(clean);
  expect(judge(hidden, log.checkpoint(25))).toEqual({ verdict: "FORK", failed: ["consistency"] });
  expect(judge(hidden, log.checkpoint(size))).toEqual({ verdict: "FORK", failed: ["consistency"] });
});

test("a log rolled back to a snapshot, or cut at its tail, is found by a kept checkpoint and by nothing else", () => {
  const rolledBack = logOf(sampleLeaves.slice(0, 80));
  const restored = samplePack({
    checkpoint: rolledBack.checkpoint(80),
    rangeProof: rolledBack.range(fromIndex, toIndex, 80),
    previous: undefined,
  });
  expect(judge(restored)).toEqual(clean);
  const kept = logOf(sampleLeaves).checkpoint(size);
  expect(judge(restored, kept)).toEqual({ verdict: "STALE", failed: ["consistency"] });
});

test("a kept checkpoint that the pack continues is consistent, one that it cannot be compared with is not held against the log", () => {
  const log = logOf(sampleLeaves);
  expect(judge(pack, log.checkpoint(25))).toEqual(clean);
  expect(judge(pack, log.checkpoint(size))).toEqual(clean);
  expect(judge(pack, log.checkpoint(40))).toEqual({ verdict: "UNVERIFIABLE", failed: ["consistency"] });
  const stranger = logOf(sampleLeaves, strangerKey.signer).checkpoint(25);
  expect(judge(pack, stranger)).toEqual({ verdict: "UNVERIFIABLE", failed: ["consistency"] });
});

test("an edited manifest is found: another value, another spelling, another order", () => {
  const changes: ((text: string) => string)[] = [
    (text) => text.replace('"packId":"pck_1"', '"packId":"pck_2"'),
    (text) => text.replace('"size":90', '"size":80'),
    (text) => text.replace("2026-12-01", "2026-11-30"),
    (text) => text.replace('"rows":1', '"rows":2'),
    (text) => text.replace('"exclusions":["Arguments', '"exclusions":["No arguments'),
    (text) => `${text}\n`,
    (text) => text.replace("{", "{ "),
    (text) => text.replace('"v":1}', '"v":1,"v":1}'),
    (text) => text.replace('"v":1}', '"v":1,"w":1}'),
    () => "null",
    () => "",
  ];
  for (const change of changes) expect(judge(edited(pack, "manifest.json", change)).verdict).toBe("TAMPERED");
});

test("a file too many or too few is found, also by what a faithful manifest lacks", () => {
  expect(judge(new Map(pack).set("population/more.csv", utf8("id\r\n")))).toEqual({
    verdict: "TAMPERED",
    failed: ["extra-file"],
  });
  for (const path of pack.keys()) {
    const fewer: Files = new Map(pack);
    fewer.delete(path);
    expect(judge(fewer).verdict, path).toBe("TAMPERED");
  }
  const fewer: Files = new Map(pack);
  fewer.delete("population/denials.csv");
  expect(judge(relisted(fewer, logKey.signer)).failed).toContain("missing-file");
  const previous = pack.get("checkpoint-previous.txt") ?? new Uint8Array(0);
  const without = samplePack({ previous: undefined });
  expect(judge(new Map(without).set("checkpoint-previous.txt", previous)).failed).toContain("extra-file");
});

test("tables tie to the log: a row too many, too few, twice, of another event, or a column of no event", () => {
  const changes: ((text: string) => string)[] = [
    (text) => text.replace(/^35,.*\r\n/m, ""),
    (text) => text.replace(/^(35,.*\r\n)/m, "$1$1"),
    (text) => text.replace(/^(35,)evt_0035/m, "$1evt_0036"),
    (text) => text.replace(/^35,/m, "36,"),
    (text) => text.replace("data.tool", "tool"),
    (text) => text.replace("data.tool", "data.callId"),
    (text) => text.replace("index,id", "id,index"),
    (text) => text.replaceAll("\r\n", "\n"),
    (text) => text.replace('"list, files"', "list files"),
    (text) => text.replace("'=cmd", "=cmd"),
    () => "",
  ];
  for (const change of changes) {
    const changed = relisted(edited(pack, "population/calls.csv", change), logKey.signer);
    expect(judge(changed)).toMatchObject({ verdict: "TAMPERED", failed: expect.arrayContaining(["population"]) });
  }
});

test("counts and proofs about other entries are found even when signed", () => {
  const proof = logOf(sampleLeaves).range(fromIndex, toIndex, size);
  const other = utf8(proofText({ from: fromIndex + 1, to: toIndex, hashes: proof }));
  expect(judge(relisted(new Map(pack).set("log/proof.json", other), logKey.signer)).failed).toEqual(["inclusion"]);
  const short = utf8(proofText({ from: fromIndex, to: toIndex, hashes: proof.slice(1) }));
  expect(judge(relisted(new Map(pack).set("log/proof.json", short), logKey.signer)).failed).toEqual(["inclusion"]);
  const recounted = edited(pack, "manifest.json", (text) => text.replace('"call.denied":10', '"call.denied":11'));
  expect(judge(recounted)).toEqual({ verdict: "TAMPERED", failed: ["signature", "event-count"] });
});

test("rows that a signed manifest counts wrongly are found", () => {
  const manifest = parseManifest(pack.get("manifest.json") ?? new Uint8Array(0));
  const files = manifest.files.map((file) => (file.rows === 10 ? { ...file, rows: 11 } : file));
  const recounted = new Map([...pack, ...signManifest({ ...manifest, files }, sha256, logKey.signer)]);
  expect(judge(recounted)).toEqual({ verdict: "TAMPERED", failed: ["row-count"] });
});

test("another earlier checkpoint of the same log is not the one that the proof starts from", () => {
  const other = edited(pack, "checkpoint-previous.txt", () => logOf(sampleLeaves).checkpoint(40));
  expect(judge(other)).toEqual({ verdict: "TAMPERED", failed: ["consistency"] });
});

test("a manifest has one spelling, and lists each file once, in order, under a safe path", () => {
  const text = utf8Text(pack.get("manifest.json") ?? new Uint8Array(0));
  expect(parseManifest(utf8(text)).packId).toBe("pck_1");
  const changes = [
    `${text}\n`,
    text.replace('"v":1}', '"v":1.0}'),
    text.replace('"v":1}', '"v":1,"v":1}'),
    text.replace('"path":"README.txt"', '"path":"zzz.txt"'),
    text.replace('"path":"README.txt"', '"path":"../README.txt"'),
    text.replace('"path":"README.txt"', '"path":"checkpoint.txt"'),
    text.replace('"path":"consistency.json"', '"path":"README.txt"'),
    text.replace('"size":90', '"size":-90'),
    text.replace('"rows":1', '"rows":"1"'),
  ];
  for (const change of changes) expect(() => parseManifest(utf8(change)), change.slice(0, 80)).toThrow(TypeError);
});
