import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

const info = "ambit-credential-v1";
/** SubjectPublicKeyInfo of X25519 without its 32 key bytes (RFC 8410, section 4). */
const spkiPrefix = Buffer.from("302a300506032b656e032100", "hex");

/**
 * Seals a text for the holder of an X25519 key: a fresh key pair, HKDF-SHA256 over the shared secret, AES-256-GCM.
 * Whoever seals cannot open. The result is the UTF-8 of `{v:1, epk, iv, tag, ct}` (base64).
 * @param recipient the X25519 public key (a private key works too)
 */
export function seal(recipient: KeyObject, plaintext: string): Buffer {
  const receiver = recipient.type === "private" ? createPublicKey(recipient) : recipient;
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const epk = rawPublic(publicKey);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", sharedKey(privateKey, receiver, epk, rawPublic(receiver)), iv);
  const ct = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  const parts = { v: 1, epk: base64(epk), iv: base64(iv), tag: base64(cipher.getAuthTag()), ct: base64(ct) };
  return Buffer.from(JSON.stringify(parts));
}

/**
 * Opens what `seal` made.
 * @throws Error when it was sealed for another key, altered, or is of another form
 */
export function open(privateKey: KeyObject, sealed: Uint8Array): string {
  const parts: unknown = JSON.parse(Buffer.from(sealed).toString("utf8"));
  const [epk, iv, tag, ct] = ["epk", "iv", "tag", "ct"].map((name) => readPart(parts, name));
  if (epk?.length !== 32 || iv?.length !== 12 || tag?.length !== 16 || ct === undefined)
    throw new Error("Not a sealed credential");
  const sender = createPublicKey({ key: Buffer.concat([spkiPrefix, epk]), format: "der", type: "spki" });
  const key = sharedKey(privateKey, sender, epk, rawPublic(createPublicKey(privateKey)));
  const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(tag);
  return Buffer.concat([decipher.update(ct), decipher.final()]).toString("utf8");
}

/** The private key in a PEM text, for `open`. */
export function sealingKey(pem: string | Buffer): KeyObject {
  return createPrivateKey(pem);
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject, epk: Buffer, receiver: Buffer): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync("sha256", shared, Buffer.concat([epk, receiver]), info, 32));
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: "der", type: "spki" }).subarray(spkiPrefix.length);
}

function readPart(parts: unknown, name: string): Buffer | undefined {
  if (typeof parts !== "object" || parts === null || (parts as { v?: unknown }).v !== 1) return undefined;
  const text = (parts as Record<string, unknown>)[name];
  return typeof text === "string" ? Buffer.from(text, "base64") : undefined;
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64");
}
