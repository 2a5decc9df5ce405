import { canonicalize } from "#lib/core/canonical.ts";
import { sameBytes, toBase64, utf8Text } from "#lib/core/log/bytes.ts";
import { type Checkpoint, openCheckpoint } from "#lib/core/log/checkpoint.ts";
import { leafHash, type Sha256 } from "#lib/core/log/leaf.ts";
import { type Ed25519Verify, NoteError, type NoteVerifier } from "#lib/core/log/note.ts";
import { rootFromRange, verifyConsistency } from "#lib/core/log/verify-proof.ts";
import { type PackEntry, parseEntryLine, parseProof, type ReadEntry, readLeaves } from "#lib/core/pack/entries.ts";
import type { Fault, PackCheck, Report } from "#lib/core/pack/finding.ts";
import { type Manifest, packPaths } from "#lib/core/pack/manifest.ts";
import type { PackFiles } from "#lib/core/pack/verify-files.ts";

/** The key of the log, from outside the pack, and the functions to check with. */
export type LogTrust = {
  readonly verifier: NoteVerifier;
  readonly sha256: Sha256;
  readonly ed25519Verify: Ed25519Verify;
};

/** What a refused note or an unreadable file means. */
export function faultOf(error: unknown): Fault {
  return error instanceof NoteError && error.fault === "unknown-key" ? "UNVERIFIABLE" : "TAMPERED";
}

/** Opens the pack's checkpoint and holds it against the manifest; null when it cannot be relied on. */
export function verifyCheckpoint(
  files: PackFiles,
  manifest: Manifest,
  trust: LogTrust,
  report: Report,
): Checkpoint | null {
  const path = packPaths.checkpoint;
  const checkpoint = openFile(files, path, trust, "checkpoint", report);
  if (checkpoint === null) return null;
  report.done("checkpoint");
  const { size, root } = manifest.tree;
  const { logOrigin } = manifest;
  if (checkpoint.origin !== logOrigin) report.fail("checkpoint", "TAMPERED", `The manifest is of ${logOrigin}`, path);
  if (checkpoint.size < size) {
    report.fail("checkpoint", "STALE", `The checkpoint has ${checkpoint.size} entries, the manifest ${size}`, path);
  } else if (checkpoint.size > size) {
    report.fail("checkpoint", "TAMPERED", `The checkpoint has ${checkpoint.size} entries, the manifest ${size}`, path);
  } else if (toBase64(checkpoint.root) !== root) {
    report.fail("checkpoint", "FORK", `The log signed two roots for ${size} entries`, path);
  }
  return report.failed("checkpoint") ? null : checkpoint;
}

/** Checks that the log only grew since the pack's earlier checkpoint, and since one that the reader has kept from before. */
export function verifyHistory(
  files: PackFiles,
  checkpoint: Checkpoint,
  seen: string | undefined,
  trust: LogTrust,
  report: Report,
): void {
  const path = packPaths.previousCheckpoint;
  const previous = files.has(path) ? openFile(files, path, trust, "consistency", report) : null;
  if (previous !== null) {
    report.done("consistency");
    try {
      const proof = parseProof(textOf(files, packPaths.consistency));
      if (proof.from !== previous.size || proof.to !== checkpoint.size) throw new TypeError("It is about other sizes");
      const { size } = checkpoint;
      if (!verifyConsistency(trust.sha256, previous.size, size, proof.hashes, previous.root, checkpoint.root)) {
        report.fail(
          "consistency",
          "FORK",
          `The log of ${size} entries does not continue that of ${previous.size}`,
          path,
        );
      }
    } catch (error) {
      report.fail("consistency", "TAMPERED", messageOf(error), packPaths.consistency);
    }
  }
  if (seen !== undefined) verifySeen(checkpoint, previous, seen, trust, report);
}

/**
 * Reads the log entries and checks their form, order and completeness, that they give the signed root, and that they are as many of each
 * type as listed.
 * @param checkpoint null skips the comparison with the root
 * @returns entries whose leaf is an event
 */
export function verifyEntries(
  files: PackFiles,
  manifest: Manifest,
  checkpoint: Checkpoint | null,
  trust: Pick<LogTrust, "sha256">,
  report: Report,
): ReadEntry[] {
  const raw = readEntries(files, report);
  verifyPositions(raw, manifest, report);
  const placed = !report.failed("leaf") && !report.failed("order") && !report.failed("contiguity");
  if (checkpoint !== null && placed) verifyInclusionOfAll(files, raw, manifest, checkpoint, trust.sha256, report);
  const entries = readEvents(raw, manifest, report);
  const counts: Record<string, number> = {};
  for (const { event } of entries) counts[event.type] = (counts[event.type] ?? 0) + 1;
  if (canonicalize(counts) !== canonicalize(manifest.counts)) {
    report.fail("event-count", "TAMPERED", "The log has not as many entries of each type as listed", packPaths.entries);
  }
  for (const check of ["leaf", "order", "contiguity", "event-count"] as const) report.done(check);
  return entries;
}

function verifySeen(
  checkpoint: Checkpoint,
  previous: Checkpoint | null,
  note: string,
  trust: LogTrust,
  report: Report,
) {
  report.done("consistency");
  let seen: Checkpoint;
  try {
    seen = openCheckpoint(note, trust.verifier, trust.ed25519Verify);
  } catch (error) {
    report.fail("consistency", "UNVERIFIABLE", `The checkpoint seen before: ${messageOf(error)}`);
    return;
  }
  const same = [checkpoint, previous].find((head) => head?.size === seen.size);
  if (same) {
    if (!sameBytes(same.root, seen.root)) report.fail("consistency", "FORK", `Two roots for ${seen.size} entries`);
  } else if (seen.size > checkpoint.size) {
    report.fail("consistency", "STALE", `The log had ${seen.size} entries before, this pack knows ${checkpoint.size}`);
  } else {
    report.fail("consistency", "UNVERIFIABLE", `The pack has no proof from ${seen.size} entries on`);
  }
}

function verifyInclusionOfAll(
  files: PackFiles,
  entries: readonly PackEntry[],
  { tree: { fromIndex, toIndex } }: Manifest,
  checkpoint: Checkpoint,
  sha256: Sha256,
  report: Report,
): void {
  report.done("inclusion");
  try {
    const proof = parseProof(textOf(files, packPaths.proof));
    if (proof.from !== fromIndex || proof.to !== toIndex) throw new TypeError("The proof is about other entries");
    const hashes = entries.map(({ leaf }) => leafHash(sha256, leaf));
    const root = rootFromRange(sha256, hashes, fromIndex, checkpoint.size, proof.hashes);
    if (root === null || !sameBytes(root, checkpoint.root))
      throw new TypeError("The entries do not give the signed root");
  } catch (error) {
    report.fail("inclusion", "TAMPERED", messageOf(error), packPaths.entries);
  }
}

function readEntries(files: PackFiles, report: Report): PackEntry[] {
  const entries: PackEntry[] = [];
  try {
    const lines = textOf(files, packPaths.entries).split("\n");
    if (lines.pop() !== "") throw new TypeError("The last line has no end");
    for (const [i, line] of lines.entries()) {
      try {
        entries.push(parseEntryLine(line));
      } catch (error) {
        report.fail("leaf", "TAMPERED", `Line ${i + 1}: ${messageOf(error)}`, packPaths.entries);
      }
    }
  } catch (error) {
    report.fail("leaf", "TAMPERED", messageOf(error), packPaths.entries);
  }
  return entries;
}

/** What the log itself has malformed, and the signed manifest says so, is no edit; anything else is. */
function readEvents(raw: readonly PackEntry[], { anomalies: listed }: Manifest, report: Report): ReadEntry[] {
  const { events, anomalies } = readLeaves(raw);
  if (anomalies.map(({ index }) => index).join() !== listed.join())
    report.fail("leaf", "TAMPERED", "The entries that tell no event are not those listed", packPaths.manifest);
  for (const { index, reason } of anomalies) {
    report.fail("leaf", "MALFORMED", `Entry ${index}: ${reason}`, packPaths.entries);
  }
  return events;
}

function verifyPositions(entries: readonly PackEntry[], { tree }: Manifest, report: Report): void {
  const path = packPaths.entries;
  let next = tree.fromIndex;
  for (const { index } of entries) {
    if (index < next) report.fail("order", "TAMPERED", `Entry ${index} where ${next} belongs`, path);
    else if (index >= tree.toIndex) report.fail("contiguity", "TAMPERED", `Entry ${index} is outside the range`, path);
    else if (index > next) report.fail("contiguity", "GAP", `Entries ${next} to ${index - 1} are missing`, path);
    next = Math.max(next, index + 1);
  }
  if (next < tree.toIndex) {
    report.fail("contiguity", "GAP", `Entries ${next} to ${tree.toIndex - 1} are missing`, path);
  }
}

function openFile(files: PackFiles, path: string, trust: LogTrust, check: PackCheck, report: Report) {
  try {
    return openCheckpoint(textOf(files, path), trust.verifier, trust.ed25519Verify);
  } catch (error) {
    report.fail(check, faultOf(error), messageOf(error), path);
    return null;
  }
}

function textOf(files: PackFiles, path: string): string {
  const content = files.get(path);
  if (content === undefined) throw new TypeError(`${path} is missing`);
  return utf8Text(content);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
