import { canonicalize } from "#lib/core/canonical.ts";
import { toBase64, toHex, utf8 } from "#lib/core/log/bytes.ts";
import { parseCheckpoint } from "#lib/core/log/checkpoint.ts";
import type { Sha256 } from "#lib/core/log/leaf.ts";
import { type NoteSigner, signNote } from "#lib/core/log/note.ts";
import { writeCsv } from "#lib/core/pack/csv.ts";
import { entryLine, type PackEntry, proofText, readLeaves } from "#lib/core/pack/entries.ts";
import { isLogColumn, logCell, logRows } from "#lib/core/pack/log-table.ts";
import { type Manifest, manifestNoteBody, type PackFile, packPaths } from "#lib/core/pack/manifest.ts";
import { packReadme } from "#lib/core/pack/readme.ts";
import { countRows } from "#lib/core/pack/verify-files.ts";

/** The tables of a pack that are not made from its log entries: CSV text with a header, as `writeCsv` gives it. */
export type StateTables = {
  readonly [table in "agents" | "connectors" | "decisions" | "grants" | "owners" | "requests" | "tools"]: string;
};

/**
 * What goes into a pack. `entries` are those of the log from `fromIndex` up to but not including `toIndex`; `rangeProof` proves that range in
 * the tree of `checkpoint`, a signed note. Missing entries are not refused here: the pack then says GAP to whoever verifies it. An entry that
 * tells no event goes in as it is, listed among `anomalies`: the verdict is then MALFORMED.
 * `columns` of calls and denials are paths into the leaf (`index`, `id` required; see `isLogColumn`). `verifier` is the text of `verify.mjs`.
 */
export type PackContents = Pick<Manifest, "packId" | "period" | "generatedAt" | "generator" | "exclusions"> & {
  readonly checkpoint: string;
  readonly previous?: { readonly checkpoint: string; readonly proof: readonly Uint8Array[] } | undefined;
  readonly fromIndex: number;
  readonly toIndex: number;
  readonly entries: readonly PackEntry[];
  readonly rangeProof: readonly Uint8Array[];
  readonly tables: StateTables;
  readonly columns: { readonly calls: readonly string[]; readonly denials: readonly string[] };
  /** How each table came to be (information produced by the entity): name → JSON text, put into `ipe/<name>.json`. */
  readonly ipe?: { readonly [name: string]: string } | undefined;
  readonly verifier: string;
};

/**
 * The files of an evidence pack, ready for `writeZip`. The same contents and key give the same bytes.
 * @throws {TypeError} when a column is none of an event
 */
export function buildPack(contents: PackContents, sha256: Sha256, signer: NoteSigner): Map<string, Uint8Array> {
  const { packId, period, generatedAt, generator, exclusions, fromIndex, toIndex, entries, previous } = contents;
  const { origin, size, root } = parseCheckpoint(bodyOf(contents.checkpoint));
  const { events: read, anomalies } = readLeaves(entries);
  const counts: Record<string, number> = {};
  for (const { event } of read) counts[event.type] = (counts[event.type] ?? 0) + 1;
  const tree = { fromIndex, toIndex, size, root: toBase64(root) };
  const described = {
    v: 1,
    packId,
    period,
    generatedAt,
    generator,
    logOrigin: origin,
    tree,
    counts,
    anomalies: anomalies.map(({ index }) => index),
    exclusions,
  } as const;

  const table = (path: string, columns: readonly string[]): string => {
    if (!columns.includes("id") || !columns.every(isLogColumn)) throw new TypeError(`${path} has a column of no event`);
    return writeCsv([columns, ...logRows(path, read).map((row) => columns.map((column) => logCell(column, row)))]);
  };
  const texts = new Map<string, string>([
    [packPaths.readme, packReadme(described, anomalies)],
    [packPaths.verifier, contents.verifier],
    [packPaths.entries, entries.map(entryLine).join("")],
    [packPaths.proof, proofText({ from: fromIndex, to: toIndex, hashes: contents.rangeProof })],
    ...Object.entries(contents.tables).map(([name, csv]) => [`population/${name}.csv`, csv] as const),
    [packPaths.calls, table(packPaths.calls, contents.columns.calls)],
    [packPaths.denials, table(packPaths.denials, contents.columns.denials)],
    ...Object.entries(contents.ipe ?? {}).map(([name, json]) => [`ipe/${name}.json`, json] as const),
  ]);
  if (previous !== undefined) {
    const from = parseCheckpoint(bodyOf(previous.checkpoint)).size;
    texts.set(packPaths.consistency, proofText({ from, to: size, hashes: previous.proof }));
  }
  const files = new Map([...texts].map(([path, text]) => [path, utf8(text)]));
  const listed = [...files].map(([path, content]) => packFile(path, content, sha256));
  const manifest: Manifest = { ...described, files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  for (const [path, content] of signManifest(manifest, sha256, signer)) files.set(path, content);
  files.set(packPaths.checkpoint, utf8(contents.checkpoint));
  if (previous !== undefined) files.set(packPaths.previousCheckpoint, utf8(previous.checkpoint));
  return files;
}

/** A file as the manifest lists it. For tables it counts the rows. */
export function packFile(path: string, content: Uint8Array, sha256: Sha256): PackFile {
  const rows = countRows(path, content);
  const file = { path, bytes: content.length, sha256: toHex(sha256(content)) };
  return rows === undefined ? file : { ...file, rows };
}

/** `manifest.json` and `manifest.note` for a manifest whose files are sorted by path. */
export function signManifest(manifest: Manifest, sha256: Sha256, signer: NoteSigner): Map<string, Uint8Array> {
  const json = utf8(canonicalize(manifest as unknown as Parameters<typeof canonicalize>[0]));
  return new Map([
    [packPaths.manifest, json],
    [packPaths.manifestNote, utf8(signNote(manifestNoteBody(manifest.packId, sha256(json)), signer))],
  ]);
}

function bodyOf(note: string): string {
  return note.slice(0, note.lastIndexOf("\n\n") + 1);
}
