import { sha256 } from "@noble/hashes/sha2.js";
import { verifyEd25519 } from "#components/activity/verify-event.ts";
import { type PackVerdict, verifyPackZip } from "#lib/core/pack/verify.ts";

/** What the page asks: the bytes of a pack and the log's key. */
export type VerifyAsk = { zip: ArrayBuffer; vkey: string };
/** What it gets back. */
export type VerifyAnswer = PackVerdict;

// A worker, because hashing a large pack takes seconds and the page has to answer meanwhile.
self.addEventListener("message", (event: MessageEvent<VerifyAsk>) => {
  const { zip, vkey } = event.data;
  self.postMessage(verifyPackZip(new Uint8Array(zip), { vkey, sha256, ed25519Verify: verifyEd25519 }));
});
