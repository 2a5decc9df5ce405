import { createServer, request as forwardRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FixtureServer, startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";
import { honestTools } from "#tests/fixtures/mcp-servers/fixture-tools.ts";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";
import type { SeededConnector } from "#tests/support/estate.ts";

let world: World;
let behind: FixtureServer;
let front: Server;
let connector: SeededConnector;
/** How the server in front behaves now. */
const stall = { handshakeMs: 0, waiting: 0, forgets: false };

beforeAll(async () => {
  world = await openWorld();
  behind = await startFixtureServer({});
  front = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      const isHandshake = body.includes('"method":"initialize"');
      if (stall.forgets && body.includes('"method":"tools/call"')) {
        stall.forgets = false;
        response.writeHead(404).end();
        return;
      }
      if (isHandshake && stall.handshakeMs > 0) {
        stall.waiting += 1;
        await new Promise((resolve) => setTimeout(resolve, stall.handshakeMs));
      }
      const headers = { ...request.headers, host: `127.0.0.1:${behind.port}` };
      const onward = forwardRequest(behind.url, { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const { port } = front.address() as AddressInfo;
  await world.estate.allow(port);
  connector = await world.estate.connector({ url: `http://127.0.0.1:${port}/mcp`, tools: honestTools });
  // the comparison with what was approved is fresh, thanks to another agent
  const warm = await world.agent();
  await world.estate.grant({ agentId: warm, connector });
  await world.ready();
  await (await world.connect(warm, connector)).callTool({ name: "echo", arguments: { text: "warm" } });
});
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await behind.close();
  await world.close();
});

describe("a call that is on its way when its grant is revoked", () => {
  test.each(["its first handshake", "a handshake after the server forgot its session"])(
    "does not go out once %s is over",
    async (way) => {
      const agentId = await world.agent();
      const grantId = await world.estate.grant({ agentId, connector });
      await world.ready();
      const client = await world.connect(agentId, connector);
      if (way !== "its first handshake") {
        await client.callTool({ name: "echo", arguments: { text: "first" } });
        stall.forgets = true;
      }
      Object.assign(stall, { handshakeMs: 1_500, waiting: 0 });
      const running = refusal(client.callTool({ name: "echo", arguments: { text: way } }));
      expect(await world.eventually(() => stall.waiting > 0)).toBe(true);
      await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grantId]);
      expect((await running).data).toMatchObject({ reason: "cancelled" });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      stall.handshakeMs = 0;
      expect(behind.calls.filter(({ args }) => args.text === way)).toEqual([]);
      await client.close();
    },
  );

  test("is stopped when the server works on it already", async () => {
    const agentId = await world.agent();
    const grantId = await world.estate.grant({ agentId, connector });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const before = behind.calls.length;
    const running = refusal(client.callTool({ name: "slow", arguments: { ms: 20_000 } }));
    expect(await world.eventually(() => behind.calls.length > before)).toBe(true);
    await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grantId]);
    expect((await running).data).toMatchObject({ reason: "cancelled" });
    await client.close();
  });

  test("of another agent goes on", async () => {
    const agentId = await world.agent();
    const other = await world.agent();
    await world.estate.grant({ agentId, connector });
    const grantId = await world.estate.grant({ agentId: other, connector });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const before = behind.calls.length;
    const running = client.callTool({ name: "slow", arguments: { ms: 500 } });
    expect(await world.eventually(() => behind.calls.length > before)).toBe(true);
    await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grantId]);
    expect((await running).isError).not.toBe(true);
    await client.close();
  });
});

test("a notification that nobody can read changes nothing, and the next change is in force as ever", async () => {
  for (const text of ["x", "null", "[]", '{"epoch":"1"}', '{"epoch":1e99,"table":"agent"}'])
    await world.estate.query("select pg_notify('ambit_policy', $1)", [text]);
  const agentId = await world.agent();
  const grantId = await world.estate.grant({ agentId, connector });
  await world.ready();
  const client = await world.connect(agentId, connector);
  await client.callTool({ name: "echo", arguments: { text: "still here" } });
  await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grantId]);
  await world.ready();
  const { data } = await refusal(client.callTool({ name: "echo", arguments: { text: "no more" } }));
  expect(data.reason).toBe("grant_revoked");
  await client.close();
});

test("a server that asks its caller again and again gets a few replies, and takes nothing from others", async () => {
  let replies = 0;
  const asking = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { id?: number; method?: string };
      const json = (result: object) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
      };
      if (message.method === "initialize")
        return json({
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: "asking", version: "1" },
        });
      if (message.method === "tools/list") return json({ tools: honestTools });
      if (message.method === "tools/call") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        const ask = (id: number) => `data: {"jsonrpc":"2.0","id":${id},"method":"roots/list"}\n\n`;
        response.write(Array.from({ length: 5_000 }, (_, id) => ask(id)).join(""));
        const result = { content: [{ type: "text", text: "done" }] };
        response.end(`data: ${JSON.stringify({ jsonrpc: "2.0", id: message.id, result })}\n\n`);
        return;
      }
      if (message.method === undefined && request.method === "POST") replies += 1;
      response.writeHead(request.method === "GET" ? 405 : 202).end();
    });
  });
  await new Promise<void>((resolve) => asking.listen(0, "127.0.0.1", resolve));
  const { port } = asking.address() as AddressInfo;
  await world.estate.allow(port);
  const seed = { url: `http://127.0.0.1:${port}/mcp`, tools: honestTools, serverName: "asking" };
  const hostile = await world.estate.connector(seed);
  const agentId = await world.agent();
  await world.estate.grant({ agentId, connector: hostile });
  await world.ready();
  const client = await world.connect(agentId, hostile);
  const answer = await client.callTool({ name: "echo", arguments: { text: "x" } });
  expect(answer.content).toMatchObject([{ text: "done" }]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(replies).toBeLessThanOrEqual(8);
  await client.close();
  asking.closeAllConnections();
  asking.close();
});
