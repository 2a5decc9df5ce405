import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leafBytes } from "#lib/core/log/event.ts";
import { openWorld, type World } from "#tests/gateway/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function ordinary() {
  const agentId = await world.agent();
  const { server, connector } = await world.upstream({}, { effects: { delete_note: "destructive" } });
  return { agentId, server, connector };
}

async function refusal(work: Promise<unknown>): Promise<{ code: number; data: Record<string, unknown> }> {
  return work.then(
    () => Promise.reject(new Error("it was permitted")),
    (error: { code: number; data: Record<string, unknown> }) => error,
  );
}

describe("a granted call", () => {
  test("reaches the server, and intent and outcome are in the log", async () => {
    const { agentId, server, connector } = await ordinary();
    const grantId = await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const result = await client.callTool({ name: "echo", arguments: { text: "hello" } });
    expect(result.content).toEqual([{ type: "text", text: "hello" }]);
    expect(server.calls.map(({ name, args }) => ({ name, args }))).toEqual([{ name: "echo", args: { text: "hello" } }]);
    const intents = (await world.events("call.intent")).filter((row) => row.agent_id === agentId);
    expect(intents).toHaveLength(1);
    expect(intents[0]).toMatchObject({
      connector_id: connector.id,
      tool: "echo",
      decision: "permit",
      grant_id: grantId,
      principal_id: agentId,
    });
    expect(
      await world.eventually(async () =>
        (await world.events("call.outcome")).some((row) => row.call_id === intents[0]?.call_id),
      ),
    ).toBe(true);
    for (const row of [...intents, ...(await world.events("call.outcome"))]) {
      const parsed = row.parsed as Parameters<typeof leafBytes>[0];
      expect(Buffer.from(leafBytes(parsed)).equals(row.leaf as Buffer)).toBe(true);
    }
    await client.close();
  });
});

describe("a call without grant", () => {
  test("is denied with a reason and what to do, recorded, and never reaches the server", async () => {
    const { agentId, server, connector } = await ordinary();
    await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const denied = await refusal(client.callTool({ name: "add", arguments: { a: 1, b: 2 } }));
    expect(denied.code).toBe(-32602);
    expect(denied.data).toMatchObject({
      reason: "no_grant",
      whatToDo: expect.any(String),
      requestAccess: expect.any(String),
    });
    const unknown = await refusal(client.callTool({ name: "no_such_tool", arguments: {} }));
    expect({ ...unknown.data, decisionId: 0 }).toEqual({ ...denied.data, decisionId: 0 });
    expect(server.calls).toEqual([]);
    expect(
      await world.eventually(
        async () => (await world.events("call.denied")).filter((row) => row.agent_id === agentId).length === 2,
      ),
    ).toBe(true);
    await client.close();
  });

  test("lists show exactly what calls permit", async () => {
    const { agentId, connector } = await ordinary();
    await world.estate.grant({ agentId, connector, tools: { effects: ["destructive"] } });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["delete_note"]);
    await client.close();
  });
});
