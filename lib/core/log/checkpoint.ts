import { fromBase64, toBase64 } from "#lib/core/log/bytes.ts";
import { type Ed25519Verify, NoteError, type NoteVerifier, openNote } from "#lib/core/log/note.ts";

/** The head of a log: its origin, number of leaves and RFC 6962 root hash (32 bytes). */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/**
 * The text of a checkpoint (C2SP tlog-checkpoint), to be signed as a note by the key that bears the origin's name. No extension lines.
 * @throws {RangeError} when the origin is empty or has a newline, the size is no count or the root has not 32 bytes
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === "" || origin.includes("\n")) throw new RangeError("The origin is one line");
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("The size is a count");
  if (root.length !== 32) throw new RangeError("The root has 32 bytes");
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint. Its signatures are not looked at: use {@link openCheckpoint} for what comes from elsewhere.
 * @throws {NoteError} malformed, when it is not exactly what {@link formatCheckpoint} writes
 */
export function parseCheckpoint(body: string): Checkpoint {
  const [origin = "", size = "", root = ""] = body.split("\n");
  try {
    const checkpoint = { origin, size: Number(size), root: fromBase64(root) };
    if (formatCheckpoint(checkpoint) === body) return checkpoint;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  }
  throw new NoteError("malformed", "Not a checkpoint");
}

/**
 * Opens a signed checkpoint of the log that bears the verifier's name.
 * @throws {NoteError} as {@link openNote}, or malformed when it is a checkpoint of another log
 */
export function openCheckpoint(note: string, verifier: NoteVerifier, verify: Ed25519Verify): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, [verifier], verify).body);
  if (checkpoint.origin !== verifier.name) throw new NoteError("malformed", `A checkpoint of ${checkpoint.origin}`);
  return checkpoint;
}
