import { utf8Text } from "#lib/core/log/bytes.ts";
import type { Sha256 } from "#lib/core/log/leaf.ts";
import { type Ed25519Verify, openNote, parseVkey } from "#lib/core/log/note.ts";
import { type CheckState, createReport, type Fault, type Finding, type PackCheck } from "#lib/core/pack/finding.ts";
import { type Manifest, manifestNoteBody, packPaths, parseManifest } from "#lib/core/pack/manifest.ts";
import { readZip } from "#lib/core/pack/read-zip.ts";
import { type PackFiles, verifyFiles } from "#lib/core/pack/verify-files.ts";
import { faultOf, type LogTrust, verifyCheckpoint, verifyEntries, verifyHistory } from "#lib/core/pack/verify-log.ts";
import { verifyTables } from "#lib/core/pack/verify-tables.ts";

/**
 * What a reader brings along. `vkey` is the log's key, from a source other than the pack. `seen` is a checkpoint that the reader kept from
 * an earlier pack or from the console: it shows whether the log was rolled back or rewritten since.
 */
export type PackTrust = {
  readonly vkey: string;
  readonly sha256: Sha256;
  readonly ed25519Verify: Ed25519Verify;
  readonly seen?: string | undefined;
};

/** The outcome of a verification. `manifest` is null when it could not be read; trust it only when `verdict` is `verified`. */
export type PackVerdict = {
  readonly verdict: "verified" | Fault;
  readonly checks: { readonly [check in PackCheck]: CheckState };
  readonly findings: readonly Finding[];
  readonly manifest: Manifest | null;
};

/** Verifies an evidence pack as the zip file that was downloaded. */
export function verifyPackZip(zip: Uint8Array, trust: PackTrust): PackVerdict {
  let files: PackFiles;
  try {
    files = readZip(zip);
  } catch (error) {
    const report = createReport();
    report.fail("container", "TAMPERED", error instanceof Error ? error.message : String(error));
    return { verdict: report.verdict(), checks: report.states(), findings: report.findings, manifest: null };
  }
  const verdict = verifyPack(files, trust);
  return { ...verdict, checks: { ...verdict.checks, container: "passed" } };
}

/**
 * Verifies the files of an evidence pack: that the log's key signed the manifest, that every file is the listed one, that the entries are
 * complete and in the signed tree, and that the tables of calls and denials say what the log says. Never throws.
 */
export function verifyPack(files: PackFiles, trust: PackTrust): PackVerdict {
  const { sha256, ed25519Verify } = trust;
  const report = createReport();
  const fail = (check: PackCheck, error: unknown, path?: string): null => {
    report.fail(check, faultOf(error), error instanceof Error ? error.message : String(error), path);
    return null;
  };
  const read = <Value>(check: PackCheck, path: string, parse: (content: Uint8Array) => Value): Value | null => {
    report.done(check);
    try {
      return parse(files.get(path) ?? new Uint8Array(0));
    } catch (error) {
      return fail(check, error, path);
    }
  };

  let log: LogTrust | null = null;
  try {
    log = { verifier: parseVkey(sha256, trust.vkey), sha256, ed25519Verify };
  } catch {
    report.fail("signature", "UNVERIFIABLE", "The given key is not a verifier key");
  }
  const manifest = read("manifest", packPaths.manifest, parseManifest);
  if (manifest !== null) {
    verifyFiles(files, manifest, sha256, report);
    if (log !== null) {
      const { verifier } = log;
      const signed = manifestNoteBody(manifest.packId, sha256(files.get(packPaths.manifest) ?? new Uint8Array(0)));
      read("signature", packPaths.manifestNote, (note) => {
        const { body } = openNote(utf8Text(note), [verifier], ed25519Verify);
        if (body !== signed) throw new TypeError("The manifest is not the one that was signed");
      });
    }
    const checkpoint = log === null ? null : verifyCheckpoint(files, manifest, log, report);
    if (log !== null && checkpoint !== null) verifyHistory(files, checkpoint, trust.seen, log, report);
    verifyTables(files, verifyEntries(files, manifest, checkpoint, { sha256 }, report), report);
  }
  return { verdict: report.verdict(), checks: report.states(), findings: report.findings, manifest };
}
