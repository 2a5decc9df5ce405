import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const random = "4fQ9xZ2LkWm7Tb1RsYp8VcN3";
/** What an agent may have at hand and put in the place of a name. */
const secrets = [
  `ghp_${random}`,
  `call_ghp_${random}`,
  "call_ghp_abcdefghijklmnopqrst",
  `x.glpat-${random}`,
  `tools/sk-${random}`,
  `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZ3QifQ.${random}`,
  `AKIA${random.slice(0, 16).toUpperCase()}`,
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  random,
  `key-${random}`,
  "0f8b5a34c1d2e6f7980a1b2c3d4e5f60",
  "8c6f3b1a-9d2e-4f70-a1b3-c5d7e9f01122",
  `Bearer ${random}`,
  `-----BEGIN PRIVATE KEY-----${random}`,
  `https://agent:${random}@example.test/`,
];

describe("what a denial keeps of a name", () => {
  test("is no secret, in no column, leaf, count or error; ordinary names stand as they are", async () => {
    const agentId = await world.agent();
    const { connector } = await world.upstream();
    await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const headers = await world.session(agentId, connector.slug);
    const plain = [
      "no_such_tool",
      "delete_note",
      "search-2024.v2/items",
      "get_customer_order_history_by_external_reference",
    ];
    const post = (body: object) => world.raw(agentId, connector.slug, { jsonrpc: "2.0", id: 1, ...body }, headers);
    for (const name of [...secrets, ...plain, "x".repeat(5_000), "a\u001b[2J\nb"]) {
      await refusal(client.callTool({ name, arguments: {} }));
      await post({ method: name });
      await post({ method: "tools/call", params: { name, arguments: { [name]: name } } });
      // so that none is only counted
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await client.close();
    const isWritten = () => world.events("call.denied").then((rows) => rows.length >= 2 * plain.length);
    expect(await world.eventually(isWritten)).toBe(true);
    await world.eventually(
      async () => (await world.estate.query("select 1 from audit_event where tool = '(another text)'")).length > 1,
    );
    const everything = JSON.stringify(
      await world.estate.query("select e.*, convert_from(leaf, 'UTF8') as text, null as leaf from audit_event e"),
    );
    for (const secret of secrets) expect(everything).not.toContain(secret);
    expect(everything).not.toContain(random);
    expect(everything).not.toContain("x".repeat(200));
    const denied = (await world.events("call.denied")).map(({ tool, parsed }) => ({
      tool: tool as string | null,
      ...(parsed as { data: { asked: string | null; method: string } }).data,
    }));
    const asked = new Set(denied.map(({ asked }) => asked));
    expect(asked).toEqual(new Set([...plain, "[redacted]", "(another text)", null]));
    expect(new Set(denied.map(({ method }) => method))).toEqual(
      new Set([...plain, "tools/call", "[redacted]", "(another text)"]),
    );
    for (const { tool, asked } of denied) expect(tool).toBe(asked);
    expect(JSON.stringify(world.errors)).not.toContain(random);
  }, 30_000);
});
