import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import { redact } from "#lib/gateway/redact.ts";
import type { SidePayload } from "#lib/gateway/store/recorder.ts";

/** Commitments to arguments and results, and their encrypted copies. */
export type Payloads = {
  /**
   * A commitment for a leaf (as `commitment` of core/log/event). For a kept value the salt is random and lies in the encrypted copy;
   * for others it is derived from the key, the call and the part, so that whoever holds the key can test a value that somebody claims.
   */
  commit(callId: string, part: SidePayload["part"], value: JsonValue, isKept: boolean): Committed;
};

export type Committed = { commitment: string; payload: SidePayload | null };

/** Longest plaintext of a kept copy; a longer one is cut and says so. */
export const payloadCharactersMax = 1_000_000;

/** @param key 32 bytes: wraps the data keys (AES-256-GCM), and derives salts */
export function createPayloads(key: Uint8Array): Payloads {
  if (key.length !== 32) throw new Error("The payload key has 32 bytes.");
  const saltKey = Buffer.from(hkdfSync("sha256", key, "", "ambit-commitment-salt-v1", 32));
  return {
    commit(callId, part, value, isKept) {
      const salt = isKept ? randomBytes(32) : createHmac("sha256", saltKey).update(callId).update(part).digest();
      const commitment = createHmac("sha256", salt).update(canonicalize(value)).digest("hex");
      return { commitment, payload: isKept ? encrypt(key, callId, part, salt, value) : null };
    },
  };
}

/** Reads a copy back: the redacted value as JSON text and the salt of its commitment. @throws Error when altered or for another key */
export function readPayload(key: Uint8Array, stored: SidePayload): { salt: string; value: string; cut: boolean } {
  const dataKey = decipher(key, `${stored.callId}/${stored.part}/key`, stored.wrappedKey);
  const text = decipher(dataKey, `${stored.callId}/${stored.part}`, stored.ciphertext).toString("utf8");
  return JSON.parse(text) as { salt: string; value: string; cut: boolean };
}

function encrypt(
  key: Uint8Array,
  callId: string,
  part: SidePayload["part"],
  salt: Buffer,
  value: JsonValue,
): SidePayload {
  const full = JSON.stringify(redact(value));
  const cut = full.length > payloadCharactersMax;
  const text = JSON.stringify({
    salt: salt.toString("hex"),
    value: cut ? full.slice(0, payloadCharactersMax) : full,
    cut,
  });
  const dataKey = randomBytes(32);
  return {
    callId,
    part,
    wrappedKey: cipher(key, `${callId}/${part}/key`, dataKey),
    ciphertext: cipher(dataKey, `${callId}/${part}`, Buffer.from(text)),
  };
}

/** AES-256-GCM: 12 bytes nonce, 16 bytes tag, ciphertext; `context` is authenticated along. */
function cipher(key: Uint8Array, context: string, plaintext: Buffer): Buffer {
  const iv = randomBytes(12);
  const aes = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([aes.update(plaintext), aes.final()]);
  return Buffer.concat([iv, aes.getAuthTag(), body]);
}

function decipher(key: Uint8Array, context: string, sealed: Buffer): Buffer {
  const aes = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([aes.update(sealed.subarray(28)), aes.final()]);
}
