import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { utf8 } from "#lib/core/log/bytes.ts";
import { verifyPack, verifyPackZip } from "#lib/core/pack/verify.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import {
  edited,
  entriesOf,
  type Files,
  fromIndex,
  logOf,
  relisted,
  sampleLeaves,
  samplePack,
  size,
  strangerKey,
  toIndex,
  trust,
  verifier,
} from "#tests/core/pack/sample.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ambit-pack-"));
  writeFileSync(join(folder, "verify.mjs"), verifier);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  // Without the project's resolution and environment: the verifier has to stand alone.
  const { status, stdout, stderr } = spawnSync(process.execPath, ["verify.mjs", ...args], {
    cwd: folder,
    env: { NODE_ENV: "production" },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function unpack(name: string, files: Files): string {
  for (const [path, content] of files) {
    mkdirSync(join(folder, name, dirname(path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  return name;
}

const pack = samplePack();
const stale = edited(pack, "checkpoint.txt", () => logOf(sampleLeaves).checkpoint(60));
const badLeaves = sampleLeaves.map((own, i) => (i === 52 ? utf8("{}") : own));
const badLog = logOf(badLeaves);
const malformed = samplePack({
  checkpoint: badLog.checkpoint(size),
  previous: undefined,
  entries: entriesOf(badLeaves),
  rangeProof: badLog.range(fromIndex, toIndex, size),
});
const cases: [string, Files, number][] = [
  ["clean", pack, 0],
  ["edited", edited(pack, "population/calls.csv", (text) => text.replace("call_7,", "call_8,")), 1],
  ["stale", stale, 1],
  ["stranger", relisted(pack, strangerKey.signer), 1],
  ["malformed", malformed, 1],
  ["gap", edited(pack, "log/entries.jsonl", (text) => text.replace(/^\{"i":50,.*\n/m, "")), 1],
];

test.each(cases)(
  "alone with Node, the pack's own verifier says of the %s pack what the library says",
  (name, files, code) => {
    const zip = writeZip(files);
    writeFileSync(join(folder, `${name}.zip`), zip);
    const zipped = run(`${name}.zip`, "--key", trust.vkey, "--json");
    expect(zipped.stderr).toBe("");
    expect(JSON.parse(zipped.stdout)).toEqual(verifyPackZip(zip, trust));
    expect(zipped.status).toBe(code);
    const unpacked = run(unpack(name, files), "--key", trust.vkey, "--json");
    expect(JSON.parse(unpacked.stdout)).toEqual(verifyPack(files, trust));
    expect(unpacked.status).toBe(code);
  },
);

test("a kept checkpoint is held against the pack", () => {
  writeFileSync(join(folder, "pack.zip"), writeZip(pack));
  writeFileSync(join(folder, "seen.txt"), logOf(sampleLeaves.slice(0, 25)).checkpoint(25));
  expect(run("pack.zip", "--key", trust.vkey, "--seen", "seen.txt").status).toBe(0);
  writeFileSync(join(folder, "seen.txt"), logOf(sampleLeaves.slice(1, 26)).checkpoint(25));
  const forked = run("pack.zip", "--key", trust.vkey, "--seen", "seen.txt");
  expect(forked.stdout).toMatch(/FORK\n$/);
  expect(forked.status).toBe(1);
});

test("for people it prints every check, every fault and the verdict last", () => {
  writeFileSync(join(folder, "bad.zip"), writeZip(edited(pack, "README.txt", () => "changed")));
  const { stdout } = run("bad.zip", "--key", trust.vkey);
  expect(stdout).toContain("failed  file-digest\n");
  expect(stdout).toContain("TAMPERED file-digest: README.txt is not the file that was signed\n");
  expect(stdout).toMatch(/TAMPERED\n$/);
});

test("called wrongly it verifies nothing and says how it is called", () => {
  for (const args of [[], ["pack.zip"], ["--key", trust.vkey], ["a", "b", "--key", "k"], ["pack.zip", "--keys", "k"]]) {
    const { status, stderr, stdout } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain("Usage: node verify.mjs");
    expect(stdout).toBe("");
  }
  expect(run("absent.zip", "--key", trust.vkey)).toMatchObject({ status: 2, stdout: "" });
});

test("what is no pack, no key or no file is said plainly, and is not a verdict", () => {
  writeFileSync(join(folder, "letter.pdf"), "%PDF-1.7");
  writeFileSync(join(folder, "good.zip"), writeZip(pack));
  const said = (...args: string[]) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    return stderr;
  };
  expect(said("letter.pdf", "--key", trust.vkey)).toBe("letter.pdf is not an evidence pack: it is no zip file\n");
  expect(said("good.zip", "--key", "nonsense")).toMatch(/^This is not a verifier key/);
  expect(said("good.zip", "--key", `${trust.vkey}=`)).toMatch(/^This is not a verifier key/);
  expect(said("absent.zip", "--key", trust.vkey)).toBe("There is no file absent.zip\n");
});
