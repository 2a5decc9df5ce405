import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import { fromBase64, toBase64 } from "#lib/core/log/bytes.ts";
import { type LeafEvent, parseLeaf } from "#lib/core/log/leaf.ts";

/** A log entry: its position in the log and the exact bytes that were hashed. */
export type PackEntry = { readonly index: number; readonly leaf: Uint8Array };

/** A log entry read back. */
export type ReadEntry = PackEntry & { readonly event: LeafEvent };

/** An entry whose bytes are in the log but tell no event, or one that another entry tells, and why. */
export type Anomaly = { readonly index: number; readonly reason: string };

/** The events that entries tell, in their order, and the entries that tell none. Never throws: what the log holds, it holds. */
export function readLeaves(entries: readonly PackEntry[]): { events: ReadEntry[]; anomalies: Anomaly[] } {
  const events: ReadEntry[] = [];
  const anomalies: Anomaly[] = [];
  const ids = new Set<string>();
  for (const entry of entries) {
    try {
      const event = parseLeaf(entry.leaf);
      if (ids.has(event.id)) throw new TypeError(`${event.id} is logged twice`);
      ids.add(event.id);
      events.push({ ...entry, event });
    } catch (error) {
      anomalies.push({ index: entry.index, reason: reasonOf(error) });
    }
  }
  return { events, anomalies };
}

/** A sentence of our own: what JSON.parse says quotes the bytes, which may be anything. */
function reasonOf(error: unknown): string {
  return error instanceof TypeError ? error.message : "The leaf is not JSON";
}

/** A proof as `log/proof.json` and `consistency.json` hold it. */
export type StoredProof = { readonly from: number; readonly to: number; readonly hashes: readonly Uint8Array[] };

const entryPattern = /^\{"i":(0|[1-9]\d{0,15}),"leaf":"([A-Za-z0-9+/=]+)"\}$/;

/** One line of `log/entries.jsonl`, with its newline. */
export function entryLine({ index, leaf }: PackEntry): string {
  return `{"i":${index},"leaf":"${toBase64(leaf)}"}\n`;
}

/**
 * Reads one line of `log/entries.jsonl`, without its newline.
 * @throws {TypeError} when it is not exactly what {@link entryLine} writes
 */
export function parseEntryLine(line: string): PackEntry {
  const [, index, leaf] = entryPattern.exec(line) ?? [];
  if (index === undefined || leaf === undefined) throw new TypeError("Not a log entry");
  return { index: Number(index), leaf: fromBase64(leaf) };
}

/** The text of a stored proof. */
export function proofText({ from, to, hashes }: StoredProof): string {
  return canonicalize({ from, to, hashes: hashes.map(toBase64) });
}

/**
 * Reads a stored proof.
 * @throws {TypeError} when it is not exactly what {@link proofText} writes
 */
export function parseProof(text: string): StoredProof {
  const stored = JSON.parse(text) as JsonObject;
  if (!Array.isArray(stored.hashes)) throw new TypeError("Not a stored proof");
  const hashes = stored.hashes.map((hash) => fromBase64(String(hash)));
  const proof = { from: Number(stored.from), to: Number(stored.to), hashes };
  if (proofText(proof) !== text) throw new TypeError("Not a stored proof");
  return proof;
}
