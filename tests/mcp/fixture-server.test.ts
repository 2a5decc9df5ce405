import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, expect, test } from "vitest";
import {
  type FixtureOptions,
  type FixtureServer,
  startFixtureServer,
} from "#tests/fixtures/mcp-servers/fixture-server.ts";

let server: FixtureServer;
let client: Client;

afterEach(async () => {
  await client.close();
  await server.close();
});

async function connect(options: FixtureOptions = {}): Promise<void> {
  server = await startFixtureServer(options);
  client = new Client({ name: "reference", version: "1" });
  // The SDK's own types are looser than exactOptionalPropertyTypes.
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)) as Parameters<Client["connect"]>[0]);
}

test.each(["json", "sse"] as const)("the reference client can list and call over %s", async (answer) => {
  await connect({ answer });
  expect((await client.listTools()).tools).toHaveLength(6);
  expect(await client.callTool({ name: "add", arguments: { a: 2, b: 3 } })).toMatchObject({
    structuredContent: { sum: 5 },
  });
  expect(await client.callTool({ name: "fail" })).toMatchObject({ isError: true });
  await expect(client.callTool({ name: "absent" })).rejects.toMatchObject({ code: -32602 });
  expect(server.calls.map(({ name, args }) => [name, args])).toContainEqual(["add", { a: 2, b: 3 }]);
});

test("progress arrives before the answer", async () => {
  await connect();
  const seen: number[] = [];
  await client.callTool({ name: "progress", arguments: { steps: 3 } }, undefined, {
    onprogress: ({ progress }) => seen.push(progress),
  });
  expect(seen).toEqual([1, 2, 3]);
});

test("a cancelled call is stopped and recorded", async () => {
  await connect();
  const stop = new AbortController();
  const call = client.callTool({ name: "slow", arguments: { ms: 30_000 } }, undefined, { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(call).rejects.toThrow();
  await expect.poll(() => server.requests.map(({ rpcMethod }) => rpcMethod)).toContain("notifications/cancelled");
});

test("a tool that is changed on command is announced and served changed", async () => {
  await connect();
  const announced = new Promise<void>((resolve) => {
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
  });
  await expect.poll(() => server.requests.some(({ httpMethod }) => httpMethod === "GET")).toBe(true);
  server.mutateTool("echo", { description: "Something else." });
  await announced;
  expect((await client.listTools()).tools.find(({ name }) => name === "echo")?.description).toBe("Something else.");
});

test("a dropped session is answered with 404", async () => {
  await connect();
  server.dropSessions();
  await expect(client.listTools()).rejects.toMatchObject({ code: 404 });
});
