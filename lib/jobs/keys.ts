import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type NoteSigner, noteKeyId } from "#lib/core/log/note.ts";
import { sealingKey } from "#lib/platform/seal.ts";

/** The keys that the worker holds: it signs the log and opens credentials for inspections. */
export type WorkerKeys = { signer: NoteSigner; credentials: KeyObject };

/**
 * Reads the worker's keys below `<dataDir>/keys`.
 * @param logOrigin the name of the log, which its signatures carry
 * @throws Error with one sentence when a key is missing or no key
 */
export async function readKeys(dataDir: string, logOrigin: string): Promise<WorkerKeys> {
  const log = await read(join(dataDir, "keys/worker/log-ed25519.pem"), "log's signing key", createPrivateKey);
  const credentials = await read(join(dataDir, "keys/shared/seal-x25519.pem"), "key for credentials", sealingKey);
  const { x } = createPublicKey(log).export({ format: "jwk" });
  const sha256 = (data: Uint8Array) => new Uint8Array(createHash("sha256").update(data).digest());
  const publicKey = new Uint8Array(Buffer.from(x ?? "", "base64url"));
  return {
    credentials,
    signer: {
      name: logOrigin,
      keyId: noteKeyId(sha256, logOrigin, publicKey),
      sign: (message) => new Uint8Array(sign(null, message, log)),
    },
  };
}

async function read(file: string, what: string, parse: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  try {
    return parse(await readFile(file));
  } catch (cause) {
    throw new Error(`The ${what} (${file}) is missing or unreadable; npm start makes it.`, { cause });
  }
}
