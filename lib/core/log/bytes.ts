const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const alphabetBytes = encoder.encode(alphabet);
const sextets = new Int16Array(128).fill(-1);
for (let i = 0; i < 64; i++) sextets[alphabet.charCodeAt(i)] = i;

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * The string that UTF-8 bytes spell; a byte order mark is kept as a character, so that it cannot be added unnoticed.
 * @throws {TypeError} when the bytes are not UTF-8
 */
export function utf8Text(bytes: Uint8Array): string {
  return strictDecoder.decode(bytes);
}

/** Whether two byte strings are the same. Not for secrets: it stops at the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** One byte string after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(0x3d);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = left >= 3 ? 4 : left + 1;
    for (let k = 0; k < digits; k++) out[at + k] = alphabetBytes[(word >> (18 - 6 * k)) & 63] ?? 0;
    at += 4;
  }
  return utf8Text(out);
}

/**
 * Bytes of standard base64, accepting exactly what {@link toBase64} writes: padding required, unused bits zero, nothing else.
 * @throws {TypeError} for any other text
 */
export function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  if (text.length % 4 !== 0) throw new TypeError("Base64 length must be a multiple of four");
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let word = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const sextet = sextets[text.charCodeAt(i)] ?? -1;
    if (sextet < 0) throw new TypeError("Not a base64 character");
    word = ((word << 6) | sextet) & 0xffffff;
    if (i % 4 === 3) {
      out[at++] = word >> 16;
      out[at++] = (word >> 8) & 255;
      out[at++] = word & 255;
      word = 0;
    }
  }
  if (padding === 2) {
    if ((word & 15) !== 0) throw new TypeError("Base64 is not canonical");
    out[at] = word >> 4;
  } else if (padding === 1) {
    if ((word & 3) !== 0) throw new TypeError("Base64 is not canonical");
    out[at++] = word >> 10;
    out[at] = (word >> 2) & 255;
  }
  return out;
}
