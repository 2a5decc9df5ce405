import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const suite = join(import.meta.dirname, "../../node_modules/@modelcontextprotocol/conformance");

/** The revisions whose requirement sets count. */
export const revisions = ["2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof revisions)[number];

/** `fault` is the first failing check and why; null where every check passed. */
export type Outcome = { scenario: string; isScored: boolean; fault: string | null };

type Check = { id: string; status: string; description?: string; errorMessage?: string };

/** Server scenarios that a revision requires, in the order of its frozen set. */
export async function scoredScenarios(revision: Revision): Promise<string[]> {
  const text = await readFile(join(suite, `requirements/${revision}.yaml`), "utf8");
  const [, list = ""] = /^server:\n((?: {2}- .+\n)+)/m.exec(text) ?? [];
  return [...list.matchAll(/^ {2}- (\S+)$/gm)].map(([, name]) => String(name));
}

/**
 * Runs the official conformance suite against a server.
 * @param scenarios only these; none for the revision's whole set, with what it runs but does not score
 */
export async function runSuite(url: string, revision: Revision, scenarios: readonly string[]): Promise<Outcome[]> {
  const results = await mkdtemp(join(tmpdir(), "ambit-conformance-results-"));
  const common = ["server", "--url", url, "--output-dir", results, "--timeout", "10000"];
  let said = "";
  if (scenarios.length === 0) said = await conformance([...common, "--requirements", revision]);
  for (const scenario of scenarios)
    said += await conformance([...common, "--scenario", scenario, "--spec-version", revision]);
  const scored = await scoredScenarios(revision);
  const faults = new Map<string, string | null>();
  for (const folder of await readdir(results)) {
    const [, scenario = folder] = /^server-(.+?)-\d{4}-\d{2}-\d{2}T/.exec(folder) ?? [];
    const checks = JSON.parse(await readFile(join(results, folder, "checks.json"), "utf8")) as Check[];
    faults.set(scenario, faultOf(checks));
  }
  await rm(results, { recursive: true, force: true });
  const ran = scenarios.length === 0 ? [...new Set([...scored, ...faults.keys()])] : scenarios;
  return ran.map((scenario) => {
    const fault = faults.get(scenario);
    const isScored = scored.includes(scenario);
    return { scenario, isScored, fault: fault === undefined ? crashOf(scenario, said) : fault };
  });
}

function faultOf(checks: readonly Check[]): string | null {
  if (checks.length === 0) return "no check was made";
  const failed = checks.find(({ status }) => status === "FAILURE");
  if (failed === undefined) return null;
  return oneLine(`${failed.id}: ${failed.errorMessage ?? failed.description ?? ""}`);
}

/** Why a scenario left no results: the suite says it on its error stream. */
function crashOf(scenario: string, said: string): string {
  const [, reason = "the suite left no result"] =
    said.split(`Failed to run scenario ${scenario}:`).length > 1
      ? [null, said.split(`Failed to run scenario ${scenario}:`)[1]?.split("\n")[0]?.trim()]
      : (/(?:Server test error:|Error:)\s*(.+)/.exec(said) ?? []);
  return oneLine(reason);
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** What the suite said on its error stream. Its exit code is not asked: the results say the same with names. */
async function conformance(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(suite, "dist/index.js"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const parts: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  await new Promise((resolve) => child.once("close", resolve));
  return parts.join("");
}
