import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ApiError } from "#lib/client/call.ts";
import { type EstateAgent, ensureAgent } from "#lib/demo/estate/agents.ts";
import { callAs } from "#lib/demo/estate/calls.ts";
import {
  askForChanges,
  denyEverythingByStdio,
  enableEverything,
  enableFiles,
  keepDraft,
  leaveMemoryInReview,
} from "#lib/demo/estate/connectors.ts";
import { grantDocs, leaveGrantInReview } from "#lib/demo/estate/grants.ts";
import { ensureTeam } from "#lib/demo/estate/teams.ts";
import { type People, refusalText, signInEverybody } from "#lib/demo/people.ts";
import { env } from "#lib/platform/env.ts";

/**
 * `estate.ts --everything URL`: fills a demo instance through its public interfaces, as its people and agents would. What an earlier,
 * interrupted run left is completed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { everything: { type: "string" } } });
  if (values.everything === undefined) throw new Error("Say where the demo's MCP server is: --everything URL");
  const { AMBIT_DATA_DIR: dataDir, AMBIT_URL } = env();
  const people = await signInEverybody(AMBIT_URL);
  const agents = await ensureAgents(people, dataDir);
  await ensureTeams(people, agents.billing);
  say("Teams and agents are registered");
  // Inspecting packages takes longest, so what rests on them goes beside the rest.
  await Promise.all([openEverything(people, dataDir, values.everything, agents), leaveOthers(people, dataDir, agents)]);
}

async function openEverything(people: People, dataDir: string, url: string, agents: Agents): Promise<void> {
  const { triage, billing, docs } = agents;
  const connectorId = await enableEverything(people, url, [triage, billing]);
  say("Everything is reviewed and enabled");
  await grantDocs(people, connectorId, docs);
  await leaveGrantInReview(people, connectorId, billing);
  say("Grants are issued");
  const { endpoint } = await people.owner.ask("connectors.get", { connectorId });
  await writeFile(join(dataDir, "demo/try-agent.txt"), `${tryCommand(triage, endpoint)}\n`);
  say(await makeCalls(agents, endpoint));
  await askForChanges(people, url);
}

async function leaveOthers(people: People, dataDir: string, { docs }: Agents): Promise<void> {
  await keepDraft(people);
  await Promise.all([
    serveFiles(people, dataDir, docs).then(say),
    leaveMemoryInReview(people),
    denyEverythingByStdio(people),
  ]);
  say("Requests are in review, denied and in draft");
}

type Agents = Record<"triage" | "billing" | "docs", EstateAgent>;

async function ensureAgents(people: People, dataDir: string): Promise<Agents> {
  const ensure = (slug: string, name: string, purpose: string, owner: "requester" | "owner") =>
    ensureAgent(people, dataDir, { slug, name, purpose, labels: ["demo"], owner });
  const [triage, billing, docs] = await Promise.all([
    ensure("triage-agent", "Triage agent", "Sorts incoming tickets and answers the simple ones.", "requester"),
    ensure("billing-agent", "Billing agent", "Checks invoices against orders.", "requester"),
    ensure("docs-agent", "Docs agent", "Keeps the manuals in step with the product.", "owner"),
  ]);
  return { triage, billing, docs };
}

async function ensureTeams(people: People, billing: EstateAgent): Promise<void> {
  const user = (person: { id: string }) => ({ memberKind: "user" as const, memberId: person.id });
  await ensureTeam(people, "Payments team", "business", [
    user(people.requester),
    user(people.owner),
    { memberKind: "agent", memberId: billing.id },
  ]);
  await ensureTeam(people, "Security team", "security", [user(people["security-1"]), user(people["security-2"])]);
}

async function makeCalls({ triage, billing, docs }: Agents, endpoint: string): Promise<string> {
  const made = await Promise.all([
    callAs(triage, endpoint, [
      ["echo", { message: "Ticket 4711 is about a refund" }],
      ["get-sum", { a: 19, b: 23 }],
      ["get-tiny-image", {}],
      ["get-structured-content", { location: "Chicago" }],
      ["get-env", {}],
      ["gzip-file-as-resource", {}],
    ]),
    callAs(billing, endpoint, [
      ["get-sum", { a: 1200, b: 240 }],
      ["get-sum", { a: "1200", b: 240 }],
      ["echo", { message: "Invoice 2026-118 matches its order" }],
      ["delete-invoice", { number: "2026-118" }],
    ]),
    callAs(docs, endpoint, [
      ["echo", { message: "docs: chapter 1" }],
      ["echo", { message: "docs: chapter 2" }],
      ["echo", { message: "something else" }],
      ["get-sum", { a: 1, b: 2 }],
      ...["3", "4", "5", "6", "7"].map((chapter) => ["echo", { message: `docs: chapter ${chapter}` }] as const),
    ]),
  ]);
  const sum = (of: "permitted" | "denied") => made.reduce((total, one) => total + one[of], 0);
  return `Agents made ${sum("permitted")} calls, ${sum("denied")} more were denied`;
}

/** The demo folder, read by the docs agent through a server that runs in the gateway's sandbox. */
async function serveFiles(people: People, dataDir: string, docs: EstateAgent): Promise<string> {
  const connectorId = await enableFiles(people, [docs]);
  if (connectorId === null) return "Demo files stays a draft: its package could not be inspected on this machine";
  const folder = join(dataDir, "stdio", connectorId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "handbook.md"), "# Handbook\n\nRefunds take a second person above 500.\n");
  const { endpoint } = await people.administrator.ask("connectors.get", { connectorId });
  const { permitted } = await callAs(docs, endpoint, [
    ["list_directory", { path: "/data" }],
    ["read_text_file", { path: "/data/handbook.md" }],
    ["read_text_file", { path: "/etc/passwd" }],
  ]);
  return `Demo files is reviewed and enabled, and the docs agent made ${permitted} calls`;
}

/** One line to paste: a real call of the triage agent. */
function tryCommand({ id, keyFile }: EstateAgent, endpoint: string): string {
  const quoted = /^[\w./-]+$/.test(keyFile) ? keyFile : `'${keyFile.replaceAll("'", `'\\''`)}'`;
  return `npm run -s ambit -- call echo --args '{"message":"hello"}' --endpoint ${endpoint} --agent ${id} --key ${quoted}`;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

try {
  await main();
} catch (error) {
  const text = error instanceof ApiError ? refusalText(error) : error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
