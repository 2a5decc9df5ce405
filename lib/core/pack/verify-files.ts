import { toHex, utf8Text } from "#lib/core/log/bytes.ts";
import type { Sha256 } from "#lib/core/log/leaf.ts";
import { parseCsv } from "#lib/core/pack/csv.ts";
import type { Report } from "#lib/core/pack/finding.ts";
import { type Manifest, packPaths, requiredPaths, signedPaths } from "#lib/core/pack/manifest.ts";

/** The files of a pack by path. */
export type PackFiles = ReadonlyMap<string, Uint8Array>;

/** Checks that the pack has the files that its manifest lists, those only, unchanged, and with as many rows as listed. */
export function verifyFiles(files: PackFiles, manifest: Manifest, sha256: Sha256, report: Report): void {
  const listed = new Set(manifest.files.map(({ path }) => path));
  for (const { path, bytes, sha256: digest, rows } of manifest.files) {
    const content = files.get(path);
    if (content === undefined) {
      report.fail("missing-file", "TAMPERED", `${path} is listed but not there`, path);
    } else if (content.length !== bytes || toHex(sha256(content)) !== digest) {
      report.fail("file-digest", "TAMPERED", `${path} is not the file that was signed`, path);
    }
    const counted = content === undefined ? rows : countRows(path, content);
    if (counted !== rows) report.fail("row-count", "TAMPERED", `${path} has ${counted} rows, listed ${rows}`, path);
  }
  const previous = listed.has(packPaths.consistency) ? [packPaths.previousCheckpoint] : [];
  const required = [...requiredPaths, ...previous];
  for (const path of required) {
    if (!files.has(path) || !(listed.has(path) || signedPaths.includes(path))) {
      report.fail("missing-file", "TAMPERED", `Every pack has ${path}`, path);
    }
  }
  for (const path of files.keys()) {
    const expected = listed.has(path) || required.includes(path);
    if (!expected) report.fail("extra-file", "TAMPERED", `${path} is not part of the pack`, path);
  }
  for (const check of ["file-digest", "missing-file", "extra-file", "row-count"] as const) report.done(check);
}

/** The rows of a table: records without the header for CSV, lines for JSON lines; undefined for other files and unreadable tables. */
export function countRows(path: string, content: Uint8Array): number | undefined {
  try {
    if (path.endsWith(".csv")) return Math.max(0, parseCsv(utf8Text(content)).length - 1);
    if (path.endsWith(".jsonl")) return content.reduce((lines, byte) => (byte === 10 ? lines + 1 : lines), 0);
  } catch {
    return undefined;
  }
  return undefined;
}
