import type { z } from "zod";
import type { Constraint as ConstraintSchema } from "#lib/contract/grants.ts";
import type { ProbeTarget } from "#lib/contract/probes.ts";
import type { EstateAgent } from "#lib/demo/estate/agents.ts";
import { ensureSubmitted, ownRequest } from "#lib/demo/estate/requests.ts";
import { inspect, seen, toolNames } from "#lib/demo/inspect.ts";
import type { DemoPerson, People } from "#lib/demo/people.ts";
import { approve, approveAll, type Terms } from "#lib/demo/review.ts";

type Constraint = z.infer<typeof ConstraintSchema>;

type Wish = {
  who: DemoPerson;
  target: ProbeTarget;
  slug: string;
  name: string;
  purpose: string;
  environment?: "production" | "staging" | "development";
  classification?: "public" | "internal" | "confidential";
  accountable: DemoPerson;
  technical?: DemoPerson;
  agents?: readonly EstateAgent[];
  /** Of what the server offers; all of it when left out. */
  tools?: readonly string[];
  constraints?: readonly Constraint[];
};

/** The enabled connector: the whole path of tier high, with a tool left out and another one held. */
export async function enableEverything(people: People, url: string, agents: readonly EstateAgent[]): Promise<string> {
  const request = await ensureConnectorRequest(people, {
    who: "requester",
    target: { kind: "url", url },
    slug: "everything",
    name: "Everything",
    purpose: "Sums, texts and files for triage and billing agents, to see what an agent does through the gateway.",
    accountable: "owner",
    technical: "administrator",
    agents,
    tools: everythingTools,
  });
  const terms = {
    tools: everythingTools.filter((name) => name !== "get-env"),
    conditions: { holdTools: ["gzip-file-as-resource"] },
    reason: "get-env shows the server's environment, so it stays out. What gzip fetches is decided call by call.",
  };
  return approvedAndEnabled(people, request, terms, "owner");
}

const everythingTools = [
  "echo",
  "get-env",
  "get-sum",
  "get-structured-content",
  "get-tiny-image",
  "gzip-file-as-resource",
];

/** A package that waits: one approval is there, the next person has a question. */
export async function leaveMemoryInReview(people: People): Promise<void> {
  const request = await ensureConnectorRequest(people, {
    who: "requester",
    target: packageTarget("@modelcontextprotocol/server-memory"),
    slug: "memory",
    name: "Memory",
    purpose: "Lets the triage agent keep what it learned about recurring tickets.",
    classification: "confidential",
    accountable: "owner",
  });
  if (request.state !== "submitted") return;
  await approve(people, "security-1", "security", request, { reason: "Runs in the sandbox, without network." });
  const say = (who: DemoPerson, text: string) => people[who].ask("requests.comment", { requestId: request.id, text });
  await say("data-protection", "Can tickets hold names of customers? Then I need to know how long they stay.");
  await say("requester", "Names are removed before. The graph is emptied every Monday.");
}

/** What security refused: the same server, but started here with everything it can do. */
export async function denyEverythingByStdio(people: People): Promise<void> {
  const request = await ensureConnectorRequest(people, {
    who: "owner",
    target: { ...packageTarget("@modelcontextprotocol/server-everything"), args: ["stdio"] },
    slug: "everything-stdio",
    name: "Everything over stdio",
    purpose: "Trying out sampling and elicitation on our own machines.",
    environment: "development",
    accountable: "administrator",
  });
  if (request.state !== "submitted") return;
  await people["security-2"].ask("requests.review", {
    requestId: request.id,
    stage: "security",
    verdict: "deny",
    digest: request.digest ?? "",
    round: request.round,
    reason: "The same server is approved over HTTP without get-env. Nobody needs a second copy with it.",
  });
}

/** A request that its author has to look at again, with what has to change. */
export async function askForChanges(people: People, url: string): Promise<void> {
  const request = await ensureConnectorRequest(people, {
    who: "owner",
    target: { kind: "url", url },
    slug: "everything-staging",
    name: "Everything for staging",
    purpose: "Tests.",
    environment: "staging",
    accountable: "administrator",
    tools: ["echo", "simulate-research-query"],
  });
  if (request.state !== "submitted") return;
  await people["security-2"].ask("requests.review", {
    requestId: request.id,
    stage: "security",
    verdict: "request_changes",
    digest: request.digest ?? "",
    round: request.round,
    reason:
      "Whose tests, and what does simulate-research-query send out? Say it in the purpose, or leave the tool out.",
  });
}

/** A draft that nobody else sees yet. */
export async function keepDraft(people: People): Promise<void> {
  const name = "Ticket system";
  if ((await ownRequest(people, "requester", "connector", name)) !== undefined) return;
  const form = { name, slug: "ticket-system", purpose: "Reading open tickets.", classification: "confidential" };
  await people.requester.ask("requests.create", { kind: "connector", form });
}

/** Files of a demo folder, over stdio: reading only, below /data only. Null where the package could not be inspected here. */
export async function enableFiles(people: People, agents: readonly EstateAgent[]): Promise<string | null> {
  const request = await ensureConnectorRequest(people, {
    who: "requester",
    target: { ...packageTarget("@modelcontextprotocol/server-filesystem"), args: ["/data"] },
    slug: "demo-files",
    name: "Demo files",
    purpose: "Lets the docs agent read the files of the demo folder.",
    accountable: "administrator",
    agents,
    tools: ["list_directory", "read_text_file", "search_files"],
    constraints: [{ pointer: "/path", rule: { op: "prefix", value: "/data" } }],
  });
  if (request.state === "draft") return null;
  const terms = { reason: "Reads only, and only what lies in the folder that the sandbox shows it." };
  return approvedAndEnabled(people, request, terms, "administrator");
}

function packageTarget(name: string): Extract<ProbeTarget, { kind: "package" }> {
  return { kind: "package", name, version: "2026.8.31", args: [] };
}

async function ensureConnectorRequest(people: People, wish: Wish) {
  const { who, target, agents = [], tools, accountable, technical, ...rest } = wish;
  return ensureSubmitted(people, who, "connector", wish.name, async () => {
    const probe = await inspect(people[who], target);
    const isWhole = probe.result?.outcome === "ok";
    const form = {
      environment: "production",
      classification: "internal",
      ...rest,
      target: probe.target,
      ...(isWhole ? { probeId: probe.id, tools: tools ?? toolNames(seen(probe)) } : {}),
      accountableOwnerId: people[accountable].id,
      ...(technical === undefined ? {} : { technicalOwnerId: people[technical].id }),
      agentIds: agents.map(({ id }) => id),
      durationDays: 60,
    };
    return { form, isWhole };
  });
}

async function approvedAndEnabled(
  people: People,
  { id, state }: { id: string; state: string },
  terms: Terms,
  owner: DemoPerson,
): Promise<string> {
  if (state !== "approved") await approveAll(people, id, terms, owner);
  const { connector } = await people[owner].ask("requests.get", { requestId: id });
  if (connector === null) throw new Error("an approved request has a connector");
  if (connector.status === "approved") await people[owner].ask("connectors.enable", { connectorId: connector.id });
  return connector.id;
}
