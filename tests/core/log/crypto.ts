import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { HmacSha256, Sha256 } from "#lib/core/log/leaf.ts";
import { type Ed25519Verify, type NoteSigner, noteKeyId } from "#lib/core/log/note.ts";

export const sha256: Sha256 = (data) => createHash("sha256").update(data).digest();

export const hmacSha256: HmacSha256 = (key, data) => createHmac("sha256", key).update(data).digest();

export const ed25519Verify: Ed25519Verify = (publicKey, message, signature) =>
  verify(
    null,
    message,
    createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
      format: "jwk",
    }),
    signature,
  );

/** A signer from a 32-byte seed, and its public key. */
export function signerFromSeed(name: string, seed: Uint8Array): { signer: NoteSigner; publicKey: Uint8Array } {
  const key = createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return {
    publicKey,
    signer: { name, keyId: noteKeyId(sha256, name, publicKey), sign: (message) => sign(null, message, key) },
  };
}
