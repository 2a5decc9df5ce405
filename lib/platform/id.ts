import { randomBytes } from "node:crypto";

/**
 * A fresh identifier: noun prefix plus UUIDv7 (RFC 9562) without dashes, e.g. `req_0192f0c1a2b37c4d8e5f…`. Sorts by creation time.
 * @param prefix the noun's short name, such as `con`, `req`, `grt`
 */
export function newId(prefix: string): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${prefix}_${bytes.toString("hex")}`;
}
