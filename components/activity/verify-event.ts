import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { OutputOf } from "#lib/contract/index.ts";
import { fromBase64, utf8 } from "#lib/core/log/bytes.ts";
import { openCheckpoint } from "#lib/core/log/checkpoint.ts";
import { leafHash } from "#lib/core/log/leaf.ts";
import { type Ed25519Verify, parseVkey } from "#lib/core/log/note.ts";
import { verifyInclusion } from "#lib/core/log/verify-proof.ts";

/** What is checked, in order; each builds on the one before. */
export const proofSteps = ["key", "signature", "size", "inclusion"] as const;

/** An inclusion proof as the contract gives it. */
export type EventProof = NonNullable<OutputOf<"activity.get">["proof"]>;

/** The step that failed, or null when all hold. */
export type ProofFault = (typeof proofSteps)[number] | null;

/** RFC 8032 verification as strict as the log's own. */
export const verifyEd25519: Ed25519Verify = (publicKey, message, signature) =>
  ed25519.verify(signature, message, publicKey, { zip215: false });

/**
 * Whether the exact bytes of an entry stand in the log that a key signed (RFC 6962 inclusion under a C2SP checkpoint).
 * @param leaf the canonical text of the entry
 * @param vkey the log's verifier key, best from another source than the proof
 */
export function verifyEvent(
  leaf: string,
  { leafIndex, treeSize, hashes, checkpoint }: EventProof,
  vkey: string,
): ProofFault {
  let step: ProofFault = "key";
  try {
    const verifier = parseVkey(sha256, vkey.trim());
    step = "signature";
    const { size, root } = openCheckpoint(checkpoint, verifier, verifyEd25519);
    step = "size";
    if (String(size) !== treeSize) return step;
    step = "inclusion";
    const path = hashes.map(fromBase64);
    return verifyInclusion(sha256, leafHash(sha256, utf8(leaf)), Number(leafIndex), size, path, root) ? null : step;
  } catch {
    return step;
  }
}
