import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import { redact } from "#lib/gateway/redact.ts";
import type { SidePayload } from "#lib/gateway/store/recorder.ts";

/** The commitments of one call, and the encrypted copies of what is kept of it. */
export type CallPayloads = {
  /**
   * A commitment for a leaf (as `commitment` of core/log/event). For a kept value the salt is random and lies in the encrypted copy;
   * for others it is derived from the key, the call and the part, so that whoever holds the key can test a value that somebody claims.
   */
  commit(part: SidePayload["part"], value: JsonValue): Committed;
};

export type Committed = { commitment: string; payload: SidePayload | null };

/** @param isKept whether arguments and result are stored (redacted, encrypted): for all but reads */
export type Payloads = (callId: string, isKept: boolean) => CallPayloads;

/** Longest plaintext of a kept copy; a longer one is cut and says so. */
export const payloadCharactersMax = 1_000_000;

/** One data key, wrapped, and its ready form. */
type DataKey = { key: KeyObject; wrapped: Buffer };

/** @param key 32 bytes: wraps each call's data key (AES-256-GCM), and derives salts */
export function createPayloads(key: Uint8Array): Payloads {
  if (key.length !== 32) throw new Error("The payload key has 32 bytes.");
  const master = createSecretKey(key);
  const saltKey = Buffer.from(hkdfSync("sha256", key, "", "ambit-commitment-salt-v1", 32));
  return (callId, isKept) => {
    let dataKey: DataKey | null = null;
    return {
      commit(part, value) {
        const salt = isKept ? freshBytes(32) : Buffer.from(hmacSha256(saltKey, callId + part), "hex");
        const commitment = hmacSha256(salt, canonicalize(value));
        if (!isKept) return { commitment, payload: null };
        dataKey ??= newDataKey(master, callId);
        const ciphertext = encrypt(dataKey.key, `${callId}/${part}`, plaintext(salt, value));
        return { commitment, payload: { callId, part, wrappedKey: dataKey.wrapped, ciphertext } };
      },
    };
  };
}

/** HMAC-SHA256 (RFC 2104) in hexadecimal under a 32-byte key: two one-shot hashes cost a fifth of an Hmac object. */
export function hmacSha256(key: Uint8Array, text: string): string {
  const inner = Buffer.alloc(64 + Buffer.byteLength(text), 0x36);
  const outer = Buffer.alloc(96, 0x5c);
  for (let at = 0; at < key.length; at += 1) {
    inner[at] = (key[at] ?? 0) ^ 0x36;
    outer[at] = (key[at] ?? 0) ^ 0x5c;
  }
  inner.write(text, 64, "utf8");
  hash("sha256", inner, "buffer").copy(outer, 64);
  return hash("sha256", outer, "hex");
}

/** Reads a copy back: the redacted value as JSON text and the salt of its commitment. @throws Error when altered or for another key */
export function readPayload(key: Uint8Array, stored: SidePayload): { salt: string; value: string; cut: boolean } {
  const dataKey = decrypt(createSecretKey(key), `${stored.callId}/key`, stored.wrappedKey);
  const text = decrypt(createSecretKey(dataKey), `${stored.callId}/${stored.part}`, stored.ciphertext);
  return JSON.parse(text.toString("utf8")) as { salt: string; value: string; cut: boolean };
}

function plaintext(salt: Buffer, value: JsonValue): Buffer {
  const full = JSON.stringify(redact(value));
  const cut = full.length > payloadCharactersMax;
  const kept = cut ? full.slice(0, payloadCharactersMax) : full;
  return Buffer.from(JSON.stringify({ salt: salt.toString("hex"), value: kept, cut }));
}

const stockBytes = 4_096;
let stock = Buffer.alloc(0);

/** Random bytes, each handed out once. Drawn from the system in larger portions, because each draw has a price of its own. */
function freshBytes(length: number): Buffer {
  if (stock.length < length) stock = randomBytes(stockBytes);
  const bytes = stock.subarray(0, length);
  stock = stock.subarray(length);
  return bytes;
}

function newDataKey(master: KeyObject, callId: string): DataKey {
  const bytes = freshBytes(32);
  return { key: createSecretKey(bytes), wrapped: encrypt(master, `${callId}/key`, bytes) };
}

/** AES-256-GCM: 12 bytes nonce, 16 bytes tag, ciphertext; `context` is authenticated along. */
function encrypt(key: KeyObject, context: string, plain: Buffer): Buffer {
  const iv = freshBytes(12);
  const aes = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const body = aes.update(plain);
  aes.final();
  return Buffer.concat([iv, aes.getAuthTag(), body]);
}

function decrypt(key: KeyObject, context: string, sealed: Buffer): Buffer {
  const aes = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([aes.update(sealed.subarray(28)), aes.final()]);
}
