import { randomUUID } from "node:crypto";

/**
 * A fresh identifier: noun prefix plus UUIDv7 (RFC 9562) without dashes, e.g. `req_0192f0c1a2b37c4d8e5f…`. Sorts by creation time.
 * @param prefix the noun's short name, such as `con`, `req`, `grt`
 */
export function newId(prefix: string): string {
  // node keeps random bytes for many UUIDs ahead; their random digits are as good in version 7 as in 4
  const random = randomUUID();
  const time = Date.now().toString(16).padStart(12, "0");
  return `${prefix}_${time}7${random.slice(15, 18)}${random.slice(19, 23)}${random.slice(24)}`;
}
