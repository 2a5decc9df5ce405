import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCsv } from "#lib/core/pack/csv.ts";
import { readZip } from "#lib/core/pack/read-zip.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import type { Granted, Stage } from "#lib/demo/play/stage.ts";
import { eventually, expect, expectEqual, expectRefused, Unmet } from "#lib/demo/play/steps.ts";

const cli = join(import.meta.dirname, "../../cli/bin.mjs");
const sequencedMs = 20_000;

type Exported = { pack: string; files: ReadonlyMap<string, Uint8Array>; vkey: string; verifier: string };

/** Step 7: an auditor's pack, two verifiers that agree, and tampering that both find. */
export async function playEvidence(stage: Stage, granted: Granted): Promise<void> {
  const { chapter, step } = stage;
  chapter("Evidence");
  const folder = await mkdtemp(join(tmpdir(), "ambit-play-"));
  try {
    await step("only an auditor exports evidence", async () => {
      const period = { from: stage.startedAt, to: new Date().toISOString() };
      await expectRefused(stage.people.administrator.ask("evidence.export", period), "not_found");
    });
    const exported = await step("the auditor exports a pack of the play with the command line", () =>
      exportPack(stage, folder),
    );
    await step("its tables hold the play: the grant, the reviews, the call, the denials", async () =>
      expectTables(exported, granted),
    );
    const both = (pack: string, vkey = exported.vkey) => verdicts(pack, vkey, exported.verifier);
    await step("ambit verify and the pack's own verifier, with Node alone, both say verified", async () =>
      expectEqual("verdicts", await both(exported.pack), { ambit: "verified", own: "verified" }),
    );
    await step("one flipped bit is found by both", async () => {
      const bytes = await readFile(exported.pack);
      const at = bytes.length >> 1;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await expectFound(both, join(folder, "flipped.zip"), bytes);
    });
    await step("one edited reason in an otherwise well-formed pack is found by both", async () => {
      await expectFound(both, join(folder, "edited.zip"), writeZip(edited(exported.files)));
    });
    await step("another key is refused by both", async () => {
      const { ambit, own } = await both(exported.pack, await otherKey(exported.vkey));
      expect("no verdict of verified", ambit !== "verified" && own !== "verified", { ambit, own });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exportPack({ people: { auditor }, startedAt }: Stage, folder: string): Promise<Exported> {
  const { vkey } = await eventually(
    "a log in which everything is sequenced",
    sequencedMs,
    () => auditor.ask("log.checkpoint", {}),
    ({ pending, vkey: key }) => pending === 0 && key !== null,
  );
  const pack = join(folder, "pack.zip");
  const { code, text } = await run(
    [cli, "--url", auditor.baseUrl, "export", "--from", startedAt, "--to", new Date().toISOString(), "--out", pack],
    { AMBIT_TOKEN: auditor.token, AMBIT_CONFIG_DIR: folder },
  );
  if (code !== 0) throw new Unmet("a pack", text);
  const files = readZip(await readFile(pack));
  const own = files.get("verify.mjs");
  if (own === undefined) throw new Unmet("verify.mjs in the pack", [...files.keys()]);
  const verifier = join(folder, "verify.mjs");
  await writeFile(verifier, own);
  return { pack, files, vkey: vkey ?? "", verifier };
}

function expectTables({ files }: Exported, { main, requestId, agent }: Granted): void {
  const holds = (table: string, id: string) => {
    const rows = parseCsv(textOf(files, `population/${table}.csv`));
    expect(
      `${id} in ${table}.csv`,
      rows.some((row) => row.some((cell) => cell.includes(id))),
      rows.slice(0, 3),
    );
  };
  holds("grants", main.id);
  holds("requests", requestId);
  holds("decisions", requestId);
  holds("agents", agent.id);
  holds("calls", agent.id);
  holds("denials", agent.id);
}

/** A denial's reason made harmless: the kind of change that somebody would make. */
function edited(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const path = "population/denials.csv";
  const text = textOf(files, path).replace("approval_required", "approval_received");
  return new Map([...files, [path, new TextEncoder().encode(text)]]);
}

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Unmet(`${path} in the pack`, [...files.keys()]);
  return new TextDecoder().decode(bytes);
}

type Verdicts = { ambit: string; own: string };

async function expectFound(both: (pack: string) => Promise<Verdicts>, file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes);
  const { ambit, own } = await both(file);
  expect("no verdict of verified", ambit !== "verified" && own !== "verified", { ambit, own });
}

/** What both verifiers say, in their last line; `verified` only with exit code 0. */
async function verdicts(pack: string, vkey: string, verifier: string): Promise<Verdicts> {
  const ambit = await run([cli, "verify", pack, "--key", vkey], {});
  const own = await run([verifier, pack, "--key", vkey], {});
  return { ambit: verdictOf(ambit), own: verdictOf(own) };
}

function verdictOf({ code, text }: Ended): string {
  const [word = ""] = (text.trim().split("\n").at(-1) ?? "").split(/\s/);
  return (word === "verified") === (code === 0) ? word : `${word} with exit code ${code}`;
}

/** A key of the same name that did not sign: the verifier key with another public key, its key ID to match. */
async function otherKey(vkey: string): Promise<string> {
  const [name = ""] = vkey.split("+");
  const key = Buffer.concat([Buffer.of(1), crypto.getRandomValues(Buffer.alloc(32))]);
  const id = await crypto.subtle.digest("SHA-256", Buffer.concat([Buffer.from(`${name}\n`), key]));
  return `${name}+${Buffer.from(id).subarray(0, 4).toString("hex")}+${key.toString("base64")}`;
}

type Ended = { code: number; text: string };

/** Runs a program with this Node and nothing of the play's environment but what is given. */
function run(args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { NODE_ENV: "production" as const, ...environment } };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, text: code === 0 || stdout.trim() !== "" ? stdout : stderr });
    });
  });
}
