import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { formatVkey } from "#lib/core/log/note.ts";

const privateMode = 0o600;

/**
 * Makes the keys of an instance at its first start, and never again; all below `<dataDir>/keys`, private ones 0600:
 * `web/session.secret`, `worker/log-ed25519.pem`, `gateway/token-ed25519.pem`, `gateway/payload.key` (32 random bytes),
 * `shared/seal-x25519.pem` (gateway and worker), `public/seal-x25519.pub.pem`, `public/log.vkey` (C2SP signed note).
 * @param logOrigin the name of the log, part of its verifier key
 */
export async function ensureKeys(dataDir: string, logOrigin: string): Promise<void> {
  const keys = join(dataDir, "keys");
  await make(join(keys, "web/session.secret"), () => randomBytes(32).toString("base64url"));
  await make(join(keys, "gateway/payload.key"), () => randomBytes(32));
  await make(join(keys, "gateway/token-ed25519.pem"), () => pem(generateKeyPairSync("ed25519").privateKey));
  const seal = await make(join(keys, "shared/seal-x25519.pem"), () => pem(generateKeyPairSync("x25519").privateKey));
  const log = await make(join(keys, "worker/log-ed25519.pem"), () => pem(generateKeyPairSync("ed25519").privateKey));
  await publish(
    join(keys, "public/seal-x25519.pub.pem"),
    createPublicKey(seal).export({ type: "spki", format: "pem" }).toString(),
  );
  await publish(join(keys, "public/log.vkey"), `${logVkey(log, logOrigin)}\n`);
}

function logVkey(privatePem: Buffer, origin: string): string {
  const { x } = createPublicKey(privatePem).export({ format: "jwk" });
  const sha256 = (data: Uint8Array) => new Uint8Array(createHash("sha256").update(data).digest());
  return formatVkey(sha256, origin, new Uint8Array(Buffer.from(x ?? "", "base64url")));
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

async function make(file: string, content: () => string | Uint8Array): Promise<Buffer> {
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content(), { mode: privateMode, flag: "wx" });
  }
  await chmod(file, privateMode);
  return readFile(file);
}

async function publish(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode: 0o644 });
}
