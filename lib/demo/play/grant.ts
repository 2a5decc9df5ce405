import { AgentTokenError, generateAgentKey } from "#lib/client/agent-token.ts";
import type { Scope } from "#lib/contract/grants.ts";
import { type AgentIdentity, tokenFor } from "#lib/demo/agent.ts";
import { type Granted, leftOut, type Reviewed, type Stage } from "#lib/demo/play/stage.ts";
import { expect, expectEqual, expectRefused, Unmet } from "#lib/demo/play/steps.ts";
import { approveAll, submit } from "#lib/demo/review.ts";

/** Step 4: an agent, its key by two persons, and grants that come from approved requests only. */
export async function playGrant(stage: Stage, reviewed: Reviewed): Promise<Granted> {
  const { chapter, step } = stage;
  chapter("Grant");
  const agent = await step("the requester registers an agent; without a key it gets no token", () =>
    register(stage, reviewed.endpoint),
  );
  await step("its key takes a second person: who proposed it cannot confirm it", () => addKey(stage, agent));
  await step("a grant cannot ask for what the connector was not approved for, nor for longer than its tier", () =>
    refusedGrant(stage, reviewed, agent.id),
  );
  const [main, other] = await step("two grants come from approved requests, and expire", () =>
    grant(stage, reviewed, agent.id),
  );
  return { ...reviewed, agent, main, other };
}

async function register(stage: Stage, endpoint: string): Promise<AgentIdentity & { id: string }> {
  const { requester, owner } = stage.people;
  const { id } = await requester.ask("agents.register", {
    slug: `play-agent-${stage.suffix}`,
    name: `Play agent ${stage.suffix}`,
    purpose: "Calls tools in the play of the main job.",
    environment: "development",
  });
  await expectRefused(owner.ask("agents.get", { agentId: id }), "not_found");
  const { connect } = await requester.ask("agents.get", { agentId: id });
  const agent = { id, connect, privateJwk: (await generateAgentKey()).privateJwk };
  const came = await tokenFor(agent, endpoint).catch((error: unknown) => error);
  expect("the token endpoint refuses with invalid_client", isInvalidClient(came), came);
  return agent;
}

function isInvalidClient(came: unknown): boolean {
  return came instanceof AgentTokenError && came.code === "invalid_client";
}

async function addKey({ people }: Stage, { id, privateJwk }: AgentIdentity & { id: string }): Promise<void> {
  const { requester, administrator } = people;
  const { d: _, ...publicJwk } = privateJwk;
  const { changeId } = await requester.ask("agents.add-key", { agentId: id, publicJwk, reason: "Its first key" });
  const confirm = { changeId, reason: "The thumbprint is what its owner read to me." };
  await expectRefused(requester.ask("changes.confirm", confirm), "not_found", "second_person_required", "not_eligible");
  expectEqual("keys before", (await requester.ask("agents.get", { agentId: id })).keys.length, 0);
  await administrator.ask("changes.confirm", confirm);
  expectEqual("keys after", (await requester.ask("agents.get", { agentId: id })).keys.length, 1);
}

async function refusedGrant(
  { people: { requester } }: Stage,
  { connectorId }: Reviewed,
  agentId: string,
): Promise<void> {
  const form = formOf(connectorId, agentId, "Too much of it", { tools: { names: [leftOut] } }, 365);
  const { id } = await requester.ask("requests.create", { kind: "grant", form });
  const { problems } = await requester.ask("requests.preview", { requestId: id });
  const paths = problems.map(({ path }) => path);
  expect(
    "a problem with the tool and one with the duration",
    paths.includes("durationDays") && paths.length > 1,
    problems,
  );
  await requester.ask("requests.discard", { requestId: id });
}

async function grant(stage: Stage, { connectorId, held }: Reviewed, agentId: string) {
  const { people, suffix } = stage;
  const wishes: [string, Partial<Scope>][] = [
    [
      `Echo, sums and files for the play ${suffix}`,
      {
        tools: { names: ["echo", "get-sum", held] },
        constraints: [{ tool: "echo", pointer: "/message", rule: { op: "prefix", value: "hello" } }],
        rate: { calls: 1_000, perSeconds: 60 },
      },
    ],
    [`Images for the play ${suffix}`, { tools: { names: ["get-tiny-image"] } }],
  ];
  for (const [purpose, scope] of wishes) {
    const { id } = await submit(people, "requester", "grant", formOf(connectorId, agentId, purpose, scope, 30));
    expectEqual("grants before the approval", await activeGrants(stage, agentId, id), []);
    await approveAll(people, id);
  }
  const { items } = await people.owner.ask("grants.list", { connectorId, agentId, status: "active" });
  const of = (tool: string) => {
    const found = items.find(({ scope }) => "names" in scope.tools && scope.tools.names.includes(tool));
    if (found === undefined) throw new Unmet(`an active grant that names ${tool}`, items);
    expect("an end", Date.parse(found.expiresAt) > Date.now(), found.expiresAt);
    return found;
  };
  return [of("echo"), of("get-tiny-image")] as const;
}

async function activeGrants({ people: { owner } }: Stage, agentId: string, requestId: string): Promise<unknown[]> {
  const { items } = await owner.ask("grants.list", { agentId });
  return items.filter((one) => one.requestId === requestId);
}

function formOf(
  connectorId: string,
  agentId: string,
  purpose: string,
  scope: Partial<Scope>,
  durationDays: number,
): Record<string, unknown> {
  return {
    connectorId,
    principalKind: "agent",
    principalId: agentId,
    scope: { actions: ["discover", "invoke"], constraints: [], rate: null, ...scope },
    durationDays,
    purpose,
  };
}
