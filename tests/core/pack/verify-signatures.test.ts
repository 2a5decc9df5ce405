import { expect, test } from "vitest";
import { leafBytes } from "#lib/core/log/event.ts";
import { formatVkey, signNote } from "#lib/core/log/note.ts";
import { verifyPack } from "#lib/core/pack/verify.ts";
import { sha256, signerFromSeed } from "#tests/core/log/crypto.ts";
import {
  edited,
  entriesOf,
  judge,
  judged,
  logKey,
  origin,
  relisted,
  sampleEvent,
  sampleLeaves,
  samplePack,
  strangerKey,
  trust,
} from "#tests/core/pack/sample.ts";

const pack = samplePack();
const _entries = entriesOf(sampleLeaves);
const _forged = (i: number) => leafBytes({ ...sampleEvent(i), data: { callId: "call_forged", tool: "delete_all" } });
const _withLeaf = (i: number, leaf: Uint8Array) => sampleLeaves.map((own, at) => (at === i ? leaf : own));
const clean = { verdict: "verified", failed: [] };

test("a wrong verifier key leaves the pack unverifiable, whatever the pack says about keys", () => {
  const unverifiable = { verdict: "UNVERIFIABLE", failed: ["signature", "checkpoint"] };
  const other = signerFromSeed("other.example/ambit", new Uint8Array(32).fill(1));
  for (const vkey of [
    formatVkey(sha256, origin, strangerKey.publicKey),
    formatVkey(sha256, "other.example/ambit", other.publicKey),
  ]) {
    expect(judged(verifyPack(pack, { ...trust, vkey }))).toEqual(unverifiable);
  }
  expect(judged(verifyPack(pack, { ...trust, vkey: trust.vkey.replace(/\+[0-9a-f]{8}\+/, "+00000000+") }))).toEqual({
    verdict: "UNVERIFIABLE",
    failed: ["signature"],
  });
});

test("a pack signed again by somebody else is not verified, under the right name too", () => {
  expect(judge(relisted(pack, strangerKey.signer))).toEqual({ verdict: "UNVERIFIABLE", failed: ["signature"] });
  const posing = { ...strangerKey.signer, keyId: logKey.signer.keyId };
  expect(judge(relisted(pack, posing))).toEqual({ verdict: "TAMPERED", failed: ["signature"] });
});

test("signature lines: unknown keys are ignored, a wrong key id is an unknown key, other spellings are refused", () => {
  for (const path of ["checkpoint.txt", "checkpoint-previous.txt", "manifest.note"]) {
    const witness = signerFromSeed("witness.example", new Uint8Array(32).fill(3)).signer;
    const line = (body: string) => signNote(body, witness).slice(body.length + 1);
    const cosigned = edited(pack, path, (text) => text + line(text.slice(0, text.lastIndexOf("\n\n") + 1)));
    expect(judge(cosigned)).toEqual(clean);
    const lastLine = / ([A-Za-z0-9+/=]+)\n$/;
    expect(judge(edited(pack, path, (text) => text.replace(lastLine, " AAAA$1\n"))).verdict).toBe("UNVERIFIABLE");
    expect(judge(edited(pack, path, (text) => text.replaceAll("\n", "\r\n"))).verdict).toBe("TAMPERED");
    expect(judge(edited(pack, path, (text) => text.replace(lastLine, " $1=\n"))).verdict).toBe("TAMPERED");
    expect(judge(edited(pack, path, (text) => `\ufeff${text}`)).verdict).toBe("TAMPERED");
  }
});

test("base64 with other unused bits is not another spelling of an entry or a proof", () => {
  const spelled = (text: string) => text.replace(/([A-Za-z0-9+/])="/, (_, digit: string) => `${nextDigit(digit)}="`);
  for (const path of ["log/entries.jsonl", "log/proof.json", "consistency.json"]) {
    const changed = edited(pack, path, spelled);
    expect(judge(relisted(changed, logKey.signer)).verdict).toBe("TAMPERED");
  }
});

/** The base64 digit after one whose last two bits are zero. */
function nextDigit(digit: string): string {
  return String.fromCharCode(digit.charCodeAt(0) + 1);
}
