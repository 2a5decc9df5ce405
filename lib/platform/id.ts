import { randomBytes } from "node:crypto";

/** Random digits are drawn ahead for so many identifiers, because each draw has a price of its own. */
const drawn = 256;
const digitsEach = 19;
let digits = "";
let at = 0;
let lastMs = -1;
let lastTime = "";

/**
 * A fresh identifier: noun prefix plus UUIDv7 (RFC 9562) without dashes, e.g. `req_0192f0c1a2b37c4d8e5f…`. Sorts by creation time.
 * @param prefix the noun's short name, such as `con`, `req`, `grt`
 */
export function newId(prefix: string): string {
  if (at === digits.length) {
    digits = randomBytes((drawn * digitsEach) / 2).toString("hex");
    at = 0;
  }
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = now.toString(16).padStart(12, "0");
  }
  const random = digits.slice(at, at + digitsEach);
  at += digitsEach;
  // the variant's two bits (10) leave two of its digit's four to chance
  const variant = "89ab".charAt("0123456789abcdef".indexOf(random.charAt(3)) & 3);
  return `${prefix}_${lastTime}7${random.slice(0, 3)}${variant}${random.slice(4)}`;
}
