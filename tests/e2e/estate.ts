import { setTimeout as sleep } from "node:timers/promises";
import { type AgentKeyPair, generateAgentKey } from "#lib/client/agent-token.ts";
import type { ProbeTarget } from "#lib/contract/probes.ts";
import { type AgentIdentity, connectAs } from "#lib/demo/agent.ts";
import { inspect } from "#lib/demo/inspect.ts";
import type { People } from "#lib/demo/people.ts";
import { type RequestDetail, submit } from "#lib/demo/review.ts";
import { byTwo } from "#lib/demo/two-persons.ts";

/** How long a change may take to reach the gateway, milliseconds; its stated bound is 2 s. */
const patienceMs = 10_000;

export type RegisteredAgent = AgentIdentity & { id: string; name: string };

/** Registers an agent of the requester; with its key, confirmed by two, unless another journey is about that. */
export async function registerAgent(people: People, name: string, key?: AgentKeyPair): Promise<RegisteredAgent> {
  const { requester, administrator } = people;
  const { privateJwk, publicJwk } = key ?? (await generateAgentKey());
  const { id } = await requester.ask("agents.register", {
    slug: slugOf(name),
    name,
    purpose: "Calls tools in a journey through the browser.",
    environment: "development",
  });
  if (key === undefined) {
    await byTwo(requester, administrator, "agents.add-key", {
      agentId: id,
      publicJwk,
      reason: "The agent's first key",
    });
  }
  const { connect } = await requester.ask("agents.get", { agentId: id });
  return { id, name, connect, privateJwk };
}

/** Where the demo's own MCP server is: the address that was approved for the connector "everything". */
export async function demoServerUrl({ auditor }: People): Promise<string> {
  const { items } = await auditor.ask("connectors.versions", { connectorId: "everything" });
  const url = items.at(-1)?.identity.url;
  if (typeof url !== "string") throw new Error("The demo estate has no connector everything with an address.");
  return url;
}

type ConnectorWish = { name: string; url: string; purpose: string; tools: readonly string[]; agentIds?: string[] };

/** A submitted request for a connector, as the requester makes it. */
export async function requestConnector(people: People, wish: ConnectorWish): Promise<{ id: string; slug: string }> {
  const target: ProbeTarget = { kind: "url", url: wish.url };
  const probe = await inspect(people.requester, target);
  const { name, purpose, tools, agentIds = [] } = wish;
  const slug = slugOf(name);
  const form = {
    target,
    probeId: probe.id,
    slug,
    name,
    purpose,
    environment: "development",
    classification: "internal",
    tools,
    accountableOwnerId: people.owner.id,
    agentIds,
    durationDays: 30,
  };
  const { id } = await submit(people, "requester", "connector", form);
  return { id, slug };
}

/** What a request is about now, as an auditor reads it. */
export function readRequest({ auditor }: People, requestId: string): Promise<RequestDetail> {
  return auditor.ask("requests.get", { requestId });
}

/** Connects a stock MCP client as soon as the gateway knows the grant. */
export async function connectPatiently(agent: AgentIdentity, endpoint: string) {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await connectAs(agent, endpoint);
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(250);
    }
  }
}

export function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
