import { sha256 } from "@noble/hashes/sha2.js";
import { verifyEd25519 } from "#components/activity/verify-event.ts";
import { parseVkey } from "#lib/core/log/note.ts";
import { isZip } from "#lib/core/pack/read-zip.ts";
import { type PackVerdict, verifyPackZip } from "#lib/core/pack/verify.ts";

/** What the page asks: the bytes of a pack and the log's key. */
export type VerifyAsk = { zip: ArrayBuffer; vkey: string };
/** What could not be read, so that nothing was verified. */
export type VerifyRefusal = "notAPack" | "badKey";
/** What it gets back. */
export type VerifyAnswer = PackVerdict | VerifyRefusal;

// A worker, because hashing a large pack takes seconds and the page has to answer meanwhile.
self.addEventListener("message", (event: MessageEvent<VerifyAsk>) => {
  const { zip, vkey } = event.data;
  self.postMessage(verify(new Uint8Array(zip), vkey));
});

function verify(zip: Uint8Array, vkey: string): VerifyAnswer {
  if (!isZip(zip)) return "notAPack";
  try {
    parseVkey(sha256, vkey);
  } catch {
    return "badKey";
  }
  return verifyPackZip(zip, { vkey, sha256, ed25519Verify: verifyEd25519 });
}
