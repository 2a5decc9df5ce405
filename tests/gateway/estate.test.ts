import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";

let world: World;
let agentId: string;
let one: Awaited<ReturnType<World["upstream"]>>;
let other: Awaited<ReturnType<World["upstream"]>>;
let unknown: Awaited<ReturnType<World["upstream"]>>;

beforeAll(async () => {
  world = await openWorld();
  agentId = await world.agent();
  one = await world.upstream();
  other = await world.upstream();
  unknown = await world.upstream();
  await world.estate.grant({ agentId, connector: one.connector, tools: { names: ["echo", "add"] } });
  await world.estate.grant({ agentId, connector: other.connector, tools: { names: ["echo"] } });
  await world.ready();
});
afterAll(() => world.close());

const endpoint = () => `${world.gatewayUrl}/mcp`;

function headersOf(agent: string, audience = endpoint()) {
  return { authorization: `Bearer ${world.tokens.issue(agent, audience)}` };
}

async function stateless(agent = agentId): Promise<Client> {
  const client = new Client({ name: "modern", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: headersOf(agent) };
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint()), { requestInit }));
  return client;
}

async function inSession(agent = agentId): Promise<ClientV1> {
  const client = new ClientV1({ name: "legacy", version: "1" });
  const transport = new TransportV1(new URL(endpoint()), { requestInit: { headers: headersOf(agent) } });
  // the transport's types predate exactOptionalPropertyTypes
  await client.connect(transport as unknown as Parameters<ClientV1["connect"]>[0]);
  return client;
}

test.each([
  ["in a session", inSession],
  ["stateless", stateless],
])("an agent finds all that it may use at one address, each tool named after its server (%s)", async (_, connect) => {
  const client = await connect();
  const names = (await client.listTools()).tools.map((tool) => tool.name);
  const expected = [`${one.connector.slug}__add`, `${one.connector.slug}__echo`, `${other.connector.slug}__echo`];
  expect(names).toEqual(expected.sort());
  const before = [one.server.calls.length, other.server.calls.length];
  const answer = await client.callTool({ name: `${other.connector.slug}__echo`, arguments: { text: "hello" } });
  expect(answer.content).toMatchObject([{ text: "hello" }]);
  expect([one.server.calls.length, other.server.calls.length]).toEqual([before[0], (before[1] ?? 0) + 1]);
  expect(other.server.calls.at(-1)?.name).toBe("echo");
  await client.close();
});

test("a tool that is not granted, a server that is not, and names that mean nothing get one answer", async () => {
  const client = await inSession();
  const names = [
    `${other.connector.slug}__add`,
    `${unknown.connector.slug}__echo`,
    "no-such-server__echo",
    "echo",
    "__echo",
    `${one.connector.slug}__${other.connector.slug}__echo`,
    `${one.connector.slug}_echo`,
  ];
  const answers = await Promise.all(names.map((name) => refusal(client.callTool({ name, arguments: { text: "x" } }))));
  for (const { code, data } of answers) expect([code, data.reason]).toEqual([answers[0]?.code, "no_grant"]);
  expect(unknown.server.calls).toHaveLength(0);
  await client.close();
});

test("a token for one connector opens neither the estate nor the other way round", async () => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
  const ask = async (url: string, audience: string) =>
    (
      await fetch(url, {
        method: "POST",
        headers: { ...headersOf(agentId, audience), "content-type": "application/json" },
        body,
      })
    ).status;
  const connector = world.endpoint(one.connector.slug);
  expect(await ask(endpoint(), connector)).toBe(401);
  expect(await ask(connector, endpoint())).toBe(401);
});

test("says where its tokens come from, and challenges with that address", async () => {
  const answer = await fetch(endpoint(), { method: "POST", body: "{}" });
  expect(answer.status).toBe(401);
  const address = /resource_metadata="([^"]+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1] ?? "";
  expect(await (await fetch(address)).json()).toMatchObject({ resource: endpoint() });
});

test("an agent without any grant is told so, and a revoked one loses its tools at the next call", async () => {
  const poor = await world.agent();
  await world.ready();
  expect((await refusal(inSession(poor))).data).toMatchObject({ reason: "no_grant" });

  const agent = await world.agent();
  const grant = await world.estate.grant({ agentId: agent, connector: one.connector });
  await world.ready();
  const client = await inSession(agent);
  await client.callTool({ name: `${one.connector.slug}__echo`, arguments: { text: "x" } });
  await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grant]);
  await world.ready();
  const name = `${one.connector.slug}__echo`;
  expect((await refusal(client.callTool({ name, arguments: { text: "x" } }))).data).toMatchObject({
    reason: "grant_revoked",
  });
  await client.close();
});
