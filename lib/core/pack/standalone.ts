/**
 * The modules that make up `verify.mjs`, each after those it imports. Paths from the project's root.
 */
export const verifierModules: readonly string[] = [
  "lib/core/canonical.ts",
  "lib/core/log/bytes.ts",
  "lib/core/log/leaf.ts",
  "lib/core/log/verify-proof.ts",
  "lib/core/log/note.ts",
  "lib/core/log/checkpoint.ts",
  "lib/core/pack/zip.ts",
  "lib/core/pack/read-zip.ts",
  "lib/core/pack/csv.ts",
  "lib/core/pack/manifest.ts",
  "lib/core/pack/entries.ts",
  "lib/core/pack/log-table.ts",
  "lib/core/pack/finding.ts",
  "lib/core/pack/verify-files.ts",
  "lib/core/pack/verify-log.ts",
  "lib/core/pack/verify-tables.ts",
  "lib/core/pack/verify.ts",
];

const header = `#!/usr/bin/env node
// Verifies an evidence pack, offline, with Node.js 20 or newer and nothing else:
//   node verify.mjs <pack.zip or unpacked folder> --key '<verifier key>' [--seen <checkpoint.txt>] [--json]
// Exits 0 when the pack is verified, 1 when it is not, 2 when there is nothing to verify: no pack, no key, no such file.
// The key must come from outside the pack.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
`;

const main = `
function readFolder(folder) {
  const files = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    files.set(relative(folder, file).split(sep).join("/"), readFileSync(file));
  }
  return files;
}

function run() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { key: { type: "string" }, seen: { type: "string" }, json: { type: "boolean" } },
    });
  } catch {
    parsed = { positionals: [], values: {} };
  }
  const { positionals: [pack, ...rest], values: { key, seen, json } } = parsed;
  if (pack === undefined || rest.length > 0 || key === undefined) {
    process.stderr.write("Usage: node verify.mjs <pack.zip or folder> --key '<verifier key>' [--seen <checkpoint.txt>] [--json]\\n");
    return 2;
  }
  const trust = {
    vkey: key,
    seen: seen === undefined ? undefined : readFileSync(seen, "utf8"),
    sha256: (data) => createHash("sha256").update(data).digest(),
    ed25519Verify: (publicKey, message, signature) => {
      const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") };
      return verify(null, message, createPublicKey({ key: jwk, format: "jwk" }), signature);
    },
  };
  parseVkey(trust.sha256, key);
  const isFolder = statSync(pack).isDirectory();
  const zip = isFolder ? new Uint8Array() : readFileSync(pack);
  if (!isFolder && !isZip(zip)) throw new TypeError(pack + " is not an evidence pack: it is no zip file");
  const result = isFolder ? verifyPack(readFolder(pack), trust) : verifyPackZip(zip, trust);
  if (json) {
    process.stdout.write(JSON.stringify(result, null, 2) + "\\n");
  } else {
    for (const [check, state] of Object.entries(result.checks)) process.stdout.write(state.padEnd(8) + check + "\\n");
    for (const { fault, check, detail } of result.findings) process.stdout.write(fault + " " + check + ": " + detail + "\\n");
    const { manifest } = result;
    if (manifest !== null) process.stdout.write(manifest.packId + ", log " + manifest.logOrigin + ", entries " + manifest.tree.fromIndex + " to " + (manifest.tree.toIndex - 1) + "\\n");
    process.stdout.write(result.verdict + "\\n");
  }
  return result.verdict === "verified" ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write((error.code === "ENOENT" ? "There is no file " + error.path : error.message) + "\\n");
  process.exitCode = 2;
}
`;

/**
 * The text of `verify.mjs`: one file that needs Node.js and nothing else.
 * @param sources the JavaScript of {@link verifierModules}, in their order (TypeScript with its types stripped)
 * @throws {RangeError} for another number of sources
 */
export function standaloneVerifier(sources: readonly string[]): string {
  if (sources.length !== verifierModules.length) throw new RangeError("A source for each of the verifier's modules");
  const bodies = sources.map((source, i) => `\n// --- ${verifierModules[i]}\n${withoutModules(source)}`);
  return header + bodies.join("") + main;
}

function withoutModules(source: string): string {
  return source
    .replaceAll(/^import\s[^;]*?from\s*"#lib\/[^"]*";$/gm, "")
    .replaceAll(/^export /gm, "")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n");
}
