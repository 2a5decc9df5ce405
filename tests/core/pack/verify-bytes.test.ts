import { expect, test } from "vitest";
import { utf8 } from "#lib/core/log/bytes.ts";
import { leafBytes } from "#lib/core/log/event.ts";
import { verifyPackZip } from "#lib/core/pack/verify.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import { entriesOf, judge, sampleEvent, sampleLeaves, samplePack, trust } from "#tests/core/pack/sample.ts";

const pack = samplePack();
const _entries = entriesOf(sampleLeaves);
const _forged = (i: number) => leafBytes({ ...sampleEvent(i), data: { callId: "call_forged", tool: "delete_all" } });
const _withLeaf = (i: number, leaf: Uint8Array) => sampleLeaves.map((own, at) => (at === i ? leaf : own));
const _clean = { verdict: "verified", failed: [] };

test("every changed byte is found, in the zip and in the unpacked files", () => {
  const zip = writeZip(pack);
  for (let at = 0; at < zip.length; at += at < 400 || at > zip.length - 400 ? 7 : 331) {
    const changed = zip.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    expect(verifyPackZip(changed, trust).verdict, `byte ${at}`).not.toBe("verified");
  }
  for (const [path, content] of pack) {
    const step = Math.max(1, Math.floor(content.length / 25));
    for (let at = 0; at < content.length; at += step) {
      const changed = content.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(judge(new Map(pack).set(path, changed)).verdict, `${path}, byte ${at}`).not.toBe("verified");
    }
  }
});

test("files that are no pack are refused without an exception", () => {
  const hostile = ["null", "[]", "{}", '{"hashes":null}', "\u0000", '"'];
  for (const path of pack.keys()) {
    for (const text of hostile) expect(judge(new Map(pack).set(path, utf8(text))).verdict).not.toBe("verified");
  }
  expect(judge(new Map()).verdict).toBe("TAMPERED");
  expect(verifyPackZip(new Uint8Array(0), trust).verdict).toBe("TAMPERED");
});
