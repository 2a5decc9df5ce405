import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { toBase64, utf8Text } from "#lib/core/log/bytes.ts";
import { isSafePath } from "#lib/core/pack/zip.ts";

/** One file of a pack: its length, SHA-256 in hexadecimal and, for tables, its rows without the header. */
export type PackFile = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows?: number;
};

/**
 * What a pack holds. `tree`: the log entries from `fromIndex` up to but not including `toIndex`, in the signed tree of `size` leaves whose
 * `root` is base64. `period`: from inclusive, to exclusive. `counts`: entries per event type. `anomalies`: positions of entries that tell no
 * event, ascending. `exclusions`: what the pack leaves out, in words.
 */
export type Manifest = {
  readonly v: 1;
  readonly packId: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly generatedAt: string;
  readonly generator: string;
  readonly logOrigin: string;
  readonly tree: {
    readonly fromIndex: number;
    readonly toIndex: number;
    readonly size: number;
    readonly root: string;
  };
  readonly counts: { readonly [eventType: string]: number };
  readonly anomalies: readonly number[];
  readonly files: readonly PackFile[];
  readonly exclusions: readonly string[];
};

/** Paths with a meaning of their own. */
export const packPaths = {
  readme: "README.txt",
  manifest: "manifest.json",
  manifestNote: "manifest.note",
  checkpoint: "checkpoint.txt",
  previousCheckpoint: "checkpoint-previous.txt",
  consistency: "consistency.json",
  entries: "log/entries.jsonl",
  proof: "log/proof.json",
  calls: "population/calls.csv",
  denials: "population/denials.csv",
  verifier: "verify.mjs",
} as const;

/** The tables that every pack has, in `population/`. Rows of `calls` and `denials` are checked against the log, column by column. */
export const populationTables = [
  "agents",
  "calls",
  "connectors",
  "decisions",
  "denials",
  "grants",
  "owners",
  "requests",
  "tools",
] as const;

/** Files that carry signatures themselves and are therefore not listed in the manifest. */
export const signedPaths: readonly string[] = [
  packPaths.manifest,
  packPaths.manifestNote,
  packPaths.checkpoint,
  packPaths.previousCheckpoint,
];

/** Files that every pack has. */
export const requiredPaths: readonly string[] = [
  packPaths.manifest,
  packPaths.manifestNote,
  packPaths.checkpoint,
  packPaths.readme,
  packPaths.entries,
  packPaths.proof,
  packPaths.verifier,
  ...populationTables.map((table) => `population/${table}.csv`),
];

/** The text that the log's key signs for a pack, in `manifest.note`. */
export function manifestNoteBody(packId: string, manifestSha256: Uint8Array): string {
  return `ambit-evidence-pack/v1\n${packId}\n${toBase64(manifestSha256)}\n`;
}

/**
 * Reads `manifest.json`, which must be RFC 8785 text.
 * @throws {TypeError} when it is not, or a member is missing, superfluous or of another type
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const text = utf8Text(bytes);
  const manifest = JSON.parse(text) as JsonValue;
  if (canonicalize(manifest) !== text) throw new TypeError("The manifest must be canonical JSON");
  const top = object(manifest, {
    anomalies: (value) => Array.isArray(value) && value.every(isCount),
    counts: isPlain,
    exclusions: isTexts,
    files: Array.isArray,
    generatedAt: isText,
    generator: isText,
    logOrigin: isText,
    packId: isText,
    period: isPlain,
    tree: isPlain,
    v: (value) => value === 1,
  });
  object(top.period, { from: isText, to: isText });
  object(top.tree, { fromIndex: isCount, toIndex: isCount, size: isCount, root: isText });
  if (!Object.values(top.counts as JsonObject).every(isCount)) throw new TypeError("A count is no count");
  let previous = "";
  for (const listed of top.files as readonly JsonValue[]) {
    const rows = isPlain(listed) && "rows" in listed ? { rows: isCount } : {};
    const { path } = object(listed, { path: isText, bytes: isCount, sha256: isText, ...rows });
    if (typeof path !== "string" || !isSafePath(path)) throw new TypeError("A listed path is not safe");
    if (path <= previous || signedPaths.includes(path)) throw new TypeError(`${path} is not listed as it must be`);
    previous = path;
  }
  return manifest as unknown as Manifest;
}

type Test = (value: JsonValue) => boolean;

function object(value: JsonValue | undefined, shape: { readonly [name: string]: Test }): JsonObject {
  if (!isPlain(value) || Object.keys(value).sort().join() !== Object.keys(shape).sort().join()) {
    throw new TypeError(`Expected an object with ${Object.keys(shape).join(", ")}`);
  }
  for (const [name, test] of Object.entries(shape)) {
    const member = value[name];
    if (member === undefined || !test(member)) throw new TypeError(`${name} is not as it must be`);
  }
  return value;
}

function isPlain(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: JsonValue): boolean {
  return typeof value === "string";
}

function isTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: JsonValue): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
