import { createHash, createPublicKey, type KeyObject } from "node:crypto";

/**
 * RFC 7638 thumbprint of an Ed25519 key (SHA-256, base64url): the `kid` of an instance's token key.
 * @param key the public or the private key
 */
export function tokenKeyId(key: KeyObject): string {
  const { crv, kty, x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
}
