import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { utf8, utf8Text } from "#lib/core/log/bytes.ts";
import { formatCheckpoint } from "#lib/core/log/checkpoint.ts";
import { type AuditEvent, leafBytes } from "#lib/core/log/event.ts";
import { leafHash } from "#lib/core/log/leaf.ts";
import { formatVkey, type NoteSigner, signNote } from "#lib/core/log/note.ts";
import { consistencyProof, rangeProof } from "#lib/core/log/proof.ts";
import { appendLeaves, emptyTree, nodeReader, treeRoot } from "#lib/core/log/tree.ts";
import { buildPack, type PackContents, packFile, signManifest } from "#lib/core/pack/build.ts";
import { writeCsv } from "#lib/core/pack/csv.ts";
import type { PackEntry } from "#lib/core/pack/entries.ts";
import { packPaths, parseManifest, signedPaths } from "#lib/core/pack/manifest.ts";
import { standaloneVerifier, verifierModules } from "#lib/core/pack/standalone.ts";
import { type PackTrust, type PackVerdict, verifyPack } from "#lib/core/pack/verify.ts";
import { ed25519Verify, sha256, signerFromSeed } from "#tests/core/log/crypto.ts";

export type Files = Map<string, Uint8Array>;

export const origin = "log.example/ambit";
export const logKey = signerFromSeed(origin, new Uint8Array(32).fill(1));
export const strangerKey = signerFromSeed(origin, new Uint8Array(32).fill(2));
export const trust: PackTrust = { vkey: formatVkey(sha256, origin, logKey.publicKey), sha256, ed25519Verify };

export const size = 90;
export const fromIndex = 30;
export const toIndex = 80;

/** Event number i: a call with its outcome, a denial or another event. */
export function sampleEvent(i: number): AuditEvent {
  const call = Math.floor(i / 5);
  const types = ["call.intent", "call.outcome", "call.denied", "grant.issued", "calls.denied-aggregated"] as const;
  const type = types[i % 5] ?? "grant.issued";
  const base = { v: 1, id: `evt_${String(i).padStart(4, "0")}`, type, subjects: ["con_1"] } as const;
  const time = `2026-11-22T10:${String(i % 60).padStart(2, "0")}:00.000Z`;
  const data =
    type === "call.outcome"
      ? { callId: `call_${call}`, status: "ok", bytes: 10 * i }
      : { callId: `call_${call}`, tool: i === 45 ? "=cmd|' /C calc'!A0" : "list, files", grantId: null, rate: 0.5 };
  return { ...base, time, principal: { kind: "agent", id: "agt_1" }, data };
}

export const sampleLeaves = Array.from({ length: size }, (_, i) => leafBytes(sampleEvent(i)));

/** The verifier as it is put into packs. */
export const verifier = standaloneVerifier(
  verifierModules.map((path) => stripTypeScriptTypes(readFileSync(path, "utf8"))),
);

/** A log in memory: signed heads and proofs over any leaves. */
export function logOf(leaves: readonly Uint8Array[], signer: NoteSigner = logKey.signer) {
  const grown = (count: number) =>
    appendLeaves(
      sha256,
      emptyTree,
      leaves.slice(0, count).map((leaf) => leafHash(sha256, leaf)),
    ).state;
  const read = nodeReader(sha256, grown(leaves.length), () => new Uint8Array(0));
  return {
    checkpoint: (count: number) =>
      signNote(formatCheckpoint({ origin, size: count, root: treeRoot(sha256, grown(count)) }), signer),
    range: (from: number, to: number, count: number) => rangeProof(sha256, read, from, to, count),
    consistency: (from: number, to: number) => consistencyProof(sha256, read, from, to),
  };
}

export const entriesOf = (leaves: readonly Uint8Array[], from = fromIndex, to = toIndex): PackEntry[] =>
  leaves.slice(from, to).map((leaf, i) => ({ index: from + i, leaf }));

const log = logOf(sampleLeaves);
const tables = Object.fromEntries(
  ["agents", "connectors", "decisions", "grants", "owners", "requests", "tools"].map((name) => [
    name,
    writeCsv([
      ["id", "note"],
      [`${name}_1`, "first"],
    ]),
  ]),
) as PackContents["tables"];

/** What a faithful exporter puts into the pack of entries 30 to 79 of a log of 90. */
export const sampleContents: PackContents = {
  packId: "pck_1",
  period: { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" },
  generatedAt: "2026-12-01T00:00:00.000Z",
  generator: "ambit 0.1.0",
  exclusions: ["Arguments and results of calls are not exported"],
  checkpoint: log.checkpoint(size),
  previous: { checkpoint: log.checkpoint(25), proof: log.consistency(25, size) },
  fromIndex,
  toIndex,
  entries: entriesOf(sampleLeaves),
  rangeProof: log.range(fromIndex, toIndex, size),
  tables,
  columns: {
    calls: ["index", "id", "time", "principal.id", "data.callId", "data.tool", "outcome.id", "outcome.data.bytes"],
    denials: ["index", "id", "type", "subjects", "data.tool", "data.grantId", "data.rate"],
  },
  verifier,
};

/** A pack by the faithful exporter, its contents changed (as a manipulated database would change them). */
export const samplePack = (change: Partial<PackContents> = {}): Files =>
  buildPack({ ...sampleContents, ...change }, sha256, logKey.signer);

/** A copy of a pack with the text of one file changed; the change must change something. */
export function edited(files: Files, path: string, edit: (text: string) => string): Files {
  const before = utf8Text(files.get(path) ?? new Uint8Array(0));
  const after = edit(before);
  if (before === after) throw new Error(`${path} is unchanged`);
  return new Map(files).set(path, utf8(after));
}

/** A copy of a pack whose manifest lists the files as they are now, signed by someone. */
export function relisted(files: Files, signer: NoteSigner): Files {
  const manifest = parseManifest(files.get(packPaths.manifest) ?? new Uint8Array(0));
  const listed = [...files]
    .filter(([path]) => !signedPaths.includes(path))
    .map(([path, content]) => packFile(path, content, sha256))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return new Map([...files, ...signManifest({ ...manifest, files: listed }, sha256, signer)]);
}

/** The verdict and the checks that failed. */
export function judged(verdict: PackVerdict): { verdict: PackVerdict["verdict"]; failed: string[] } {
  return {
    verdict: verdict.verdict,
    failed: Object.entries(verdict.checks)
      .filter(([, state]) => state === "failed")
      .map(([check]) => check),
  };
}

export const judge = (files: Files, seen?: string) => judged(verifyPack(files, { ...trust, seen }));
