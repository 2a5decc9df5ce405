import { concatBytes, fromBase64, sameBytes, toBase64, toHex, utf8 } from "#lib/core/log/bytes.ts";
import type { Sha256 } from "#lib/core/log/leaf.ts";

/** Checks an Ed25519 signature (RFC 8032) by a public key of 32 bytes; false, never an exception, for what is no signature. */
export type Ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A key that is trusted to sign notes, usually read from a vkey. */
export type NoteVerifier = { readonly name: string; readonly keyId: Uint8Array; readonly publicKey: Uint8Array };

/** A key that signs notes. `sign` gives the 64 bytes of an Ed25519 signature. */
export type NoteSigner = {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** A note whose known signatures all hold. */
export type OpenedNote = { readonly body: string; readonly signers: readonly NoteVerifier[] };

/** Why a note is refused. `unknown-key`: nothing is known to be wrong, but no trusted key signed it. */
export type NoteFault = "malformed" | "invalid-signature" | "unknown-key";

/** A note or a vkey that must not be trusted. */
export class NoteError extends Error {
  readonly fault: NoteFault;

  constructor(fault: NoteFault, message: string) {
    super(message);
    this.name = "NoteError";
    this.fault = fault;
  }
}

const ed25519 = 0x01;
const mostSignatures = 100;
const keyName = /^[^\s+\u0085]+$/u;

/** C2SP signed-note key ID of an Ed25519 key: the first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key). */
export function noteKeyId(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(ed25519), publicKey)).slice(0, 4);
}

/**
 * A verifier key as people pass it on: `name+key ID in hexadecimal+base64(0x01 || public key)`.
 * @throws {NoteError} malformed, for an unusable name or a key that has not 32 bytes
 */
export function formatVkey(sha256: Sha256, name: string, publicKey: Uint8Array): string {
  if (!keyName.test(name) || publicKey.length !== 32) throw new NoteError("malformed", "Not a name and an Ed25519 key");
  const key = toBase64(concatBytes(Uint8Array.of(ed25519), publicKey));
  return `${name}+${toHex(noteKeyId(sha256, name, publicKey))}+${key}`;
}

/**
 * Reads a vkey.
 * @throws {NoteError} malformed, when it is not exactly what {@link formatVkey} writes for some key
 */
export function parseVkey(sha256: Sha256, vkey: string): NoteVerifier {
  const [name = "", , ...key] = vkey.split("+");
  let publicKey: Uint8Array;
  let own: string;
  try {
    publicKey = fromBase64(key.join("+")).slice(1);
    own = formatVkey(sha256, name, publicKey);
  } catch {
    throw new NoteError("malformed", "This is not a verifier key. One looks like name+1a2b3c4d+base64");
  }
  if (own !== vkey)
    throw new NoteError("malformed", "This is not a verifier key: it does not match its own id. Copy all of it");
  return { name, keyId: noteKeyId(sha256, name, publicKey), publicKey };
}

/**
 * A signed note (C2SP signed-note) with one Ed25519 signature.
 * @param body text ending in a newline
 * @throws {NoteError} malformed, when the body or the name cannot be in a note
 */
export function signNote(body: string, signer: NoteSigner): string {
  const signature = toBase64(concatBytes(signer.keyId, signer.sign(utf8(body))));
  const note = `${body}\n— ${signer.name} ${signature}\n`;
  if (splitNote(note).body !== body) throw new NoteError("malformed", "The body does not fit in a note");
  return note;
}

/**
 * Opens a signed note: every signature by a known key must hold, at least one must be there, others are ignored.
 * @throws {NoteError} malformed, invalid-signature or unknown-key
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[], verify: Ed25519Verify): OpenedNote {
  const { body, signatures } = splitNote(note);
  const message = utf8(body);
  const signers = new Set<NoteVerifier>();
  for (const { name, keyId, signature } of signatures) {
    const verifier = verifiers.find((known) => known.name === name && sameBytes(known.keyId, keyId));
    if (verifier === undefined) continue;
    if (signature.length !== 64 || !verify(verifier.publicKey, message, signature)) {
      throw new NoteError("invalid-signature", `The signature by ${name} does not hold`);
    }
    signers.add(verifier);
  }
  if (signers.size === 0) throw new NoteError("unknown-key", "No known key signed the note");
  return { body, signers: [...signers] };
}

type Signature = { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array };

function splitNote(note: string): { readonly body: string; readonly signatures: readonly Signature[] } {
  const end = note.lastIndexOf("\n\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids them
  if (!note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/u.test(note) || end < 0 || !note.endsWith("\n")) {
    throw new NoteError("malformed", "Not a signed note");
  }
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > mostSignatures) throw new NoteError("malformed", `More than ${mostSignatures} signatures`);
  return { body: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [dash, name = "", encoded = "", ...rest] = line.split(" ");
  if (dash !== "—" || !keyName.test(name) || rest.length > 0) throw new NoteError("malformed", "Not a signature line");
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(encoded);
  } catch {
    throw new NoteError("malformed", "A signature is not canonical base64");
  }
  if (bytes.length < 5) throw new NoteError("malformed", "A signature is too short");
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}
