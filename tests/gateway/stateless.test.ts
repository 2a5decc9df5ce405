import { randomUUID } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
import { honestTools } from "#tests/fixtures/mcp-servers/fixture-tools.ts";
import { openWorld, type World } from "#tests/gateway/world.ts";

const version = "2026-07-28";
const envelope = {
  "io.modelcontextprotocol/protocolVersion": version,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const routed: JsonObject = {
  name: "routed",
  description: "Reads a record of one region.",
  inputSchema: {
    type: "object",
    properties: { region: { type: "string", "x-mcp-header": "Region" }, id: { type: "integer", "x-mcp-header": "Id" } },
  },
};
const misplaced: JsonObject = {
  name: "misplaced",
  description: "Repeats what it must not.",
  inputSchema: { type: "object", properties: { list: { type: "array", items: { "x-mcp-header": "Item" } } } },
};

let world: World;
let agentId: string;
let slug: string;
let served: () => number;

beforeAll(async () => {
  world = await openWorld();
  agentId = await world.agent();
  const { server, connector } = await world.upstream({ tools: [...honestTools, routed, misplaced] });
  served = () => server.calls.length;
  slug = connector.slug;
  await world.estate.grant({ agentId, connector });
  await world.ready();
});
afterAll(() => world.close());

/** One request of the stateless era as a conforming client sends it, with what the test changes. */
async function ask(
  method: string,
  params: JsonObject = {},
  change: { headers?: Record<string, string>; meta?: JsonObject; without?: string } = {},
) {
  const headers: Record<string, string> = { "mcp-protocol-version": version, "mcp-method": method };
  if (typeof params.name === "string") headers["mcp-name"] = params.name;
  Object.assign(headers, change.headers);
  if (change.without !== undefined) delete headers[change.without];
  const body = { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: change.meta ?? envelope } };
  const { status, body: text } = await world.raw(agentId, slug, body, headers);
  const data = text.startsWith("event:") ? (/^data: (\{.*"id":1.*)$/m.exec(text)?.[1] ?? "") : text;
  return { status, ...(JSON.parse(data) as { result?: JsonObject; error?: { code: number; data?: JsonObject } }) };
}

const echo = { name: "echo", arguments: { text: "hello" } };

async function connect(): Promise<Client> {
  const client = new Client({ name: "modern", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const headers = { authorization: `Bearer ${world.token(agentId, slug)}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(world.endpoint(slug)), { requestInit: { headers } }));
  return client;
}

describe("a stock client of 2026-07-28 in front of a server of 2025-11-25", () => {
  test("negotiates the stateless revision, lists and calls", async () => {
    const client = await connect();
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toContain("echo");
    const answer = await client.callTool({ name: "echo", arguments: { text: "hello" } });
    expect(answer.content).toMatchObject([{ type: "text" }]);
    await client.close();
  });

  test("is not offered a tool whose header annotations are wrong, and hears progress", async () => {
    const client = await connect();
    expect((await client.listTools()).tools.map((tool) => tool.name)).not.toContain("misplaced");
    const heard: number[] = [];
    await client.callTool(
      { name: "progress", arguments: { steps: 3 } },
      { onprogress: ({ progress }) => void heard.push(progress) },
    );
    expect(heard.length).toBeGreaterThan(0);
    await client.close();
  });

  test("a call is decided and recorded as in a session, without one", async () => {
    await ask("tools/call", echo);
    const isRecorded = async () => (await world.events("call.outcome")).length > 0;
    expect(await world.eventually(isRecorded)).toBe(true);
    const [intent] = await world.events("call.intent");
    expect(intent?.parsed).toMatchObject({ data: { decision: "permit", sessionId: null } });
  });

  test("a tool that is not granted and one that does not exist get the same answer, and the server sees neither", async () => {
    const other = await world.agent();
    const { connector } = await world.upstream();
    await world.estate.grant({ agentId: other, connector, tools: { names: ["add"] } });
    await world.ready();
    const before = served();
    const answers = await Promise.all(
      ["echo", "no-such-tool"].map(async (name) => {
        const headers = { "mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": name };
        const params = { name, arguments: {}, _meta: envelope };
        const { status, body } = await world.raw(
          other,
          connector.slug,
          { jsonrpc: "2.0", id: 1, method: "tools/call", params },
          headers,
        );
        const { error } = JSON.parse(body) as { error: { code: number; message: string } };
        return { status, code: error.code, message: error.message };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(served()).toBe(before);
  });
});

test("answers say that they are complete, private and for how long they hold", async () => {
  const discovered = await ask("server/discover");
  expect(discovered).toMatchObject({ status: 200, result: { resultType: "complete", cacheScope: "private" } });
  expect(discovered.result?.supportedVersions).toContain(version);
  expect((await ask("tools/list")).result).toMatchObject({ resultType: "complete", cacheScope: "private" });
  expect((await ask("tools/call", echo)).result).toMatchObject({ resultType: "complete" });
});

describe("a request that is not what the revision asks for is refused before any decision", () => {
  const key = "io.modelcontextprotocol/protocolVersion";
  const cases: [string, Parameters<typeof ask>, number, number][] = [
    ["no version in the body", ["tools/call", echo, { meta: {} }], 400, -32602],
    ["no capabilities in the body", ["tools/call", echo, { meta: { [key]: version } }], 400, -32602],
    [
      "another version in the header",
      ["tools/call", echo, { headers: { "mcp-protocol-version": "2025-11-25" } }],
      400,
      -32020,
    ],
    [
      "a version that is not served",
      [
        "tools/call",
        echo,
        { meta: { ...envelope, [key]: "2031-01-01" }, headers: { "mcp-protocol-version": "2031-01-01" } },
      ],
      400,
      -32022,
    ],
    ["no version header", ["tools/call", echo, { without: "mcp-protocol-version" }], 400, -32020],
    ["no method header", ["tools/call", echo, { without: "mcp-method" }], 400, -32020],
    ["another method in the header", ["tools/call", echo, { headers: { "mcp-method": "tools/list" } }], 400, -32020],
    ["no name header", ["tools/call", echo, { without: "mcp-name" }], 400, -32020],
    ["another tool in the header", ["tools/call", echo, { headers: { "mcp-name": "add" } }], 400, -32020],
    ["a name that is encoded wrongly", ["tools/call", echo, { headers: { "mcp-name": "=?base64?!?=" } }], 400, -32020],
    ["a method of the other era", ["ping"], 404, -32601],
    ["a method that does not exist", ["tools/destroy"], 404, -32601],
    ["no repeated argument", ["tools/call", { name: "routed", arguments: { region: "eu" } }], 400, -32020],
    [
      "another value in the repeated argument",
      ["tools/call", { name: "routed", arguments: { region: "eu" } }, { headers: { "mcp-param-region": "us" } }],
      400,
      -32020,
    ],
  ];
  test.each(cases)("%s", async (_, given, status, code) => {
    const before = served();
    expect(await ask(...given)).toMatchObject({ status, error: { code } });
    expect(served()).toBe(before);
  });

  test("repeated arguments that agree pass, also encoded and as numbers", async () => {
    const region = "Île";
    const args = { name: "routed", arguments: { region, id: 42 } };
    const headers = {
      "mcp-param-region": `=?base64?${Buffer.from(region).toString("base64")}?=`,
      "mcp-param-id": "42.0",
    };
    expect(await ask("tools/call", args, { headers })).toMatchObject({
      status: 200,
      result: { resultType: "complete" },
    });
  });

  test("a posted response, and no session is needed or made", async () => {
    const posted = { jsonrpc: "2.0", id: randomUUID(), result: {} };
    const answer = await world.raw(agentId, slug, posted, { "mcp-protocol-version": version });
    expect(answer.status).toBe(400);
    const stray = await ask("tools/call", echo, { headers: { "mcp-session-id": "whatever" } });
    expect(stray).toMatchObject({ status: 200, result: { resultType: "complete" } });
  });
});

describe("subscriptions/listen", () => {
  async function listen(filter: JsonObject) {
    const stop = new AbortController();
    const body = {
      jsonrpc: "2.0",
      id: "sub-1",
      method: "subscriptions/listen",
      params: { notifications: filter, _meta: envelope },
    };
    const response = await fetch(world.endpoint(slug), {
      method: "POST",
      signal: stop.signal,
      headers: {
        authorization: `Bearer ${world.token(agentId, slug)}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": version,
        "mcp-method": "subscriptions/listen",
      },
      body: JSON.stringify(body),
    });
    let text = "";
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    })().catch(() => undefined);
    return { read: () => text, stop: () => stop.abort(), ended: reading };
  }

  test("acknowledges first, and tells of a list that changed", async () => {
    const stream = await listen({ toolsListChanged: true, resourcesListChanged: true });
    expect(await world.eventually(() => stream.read().includes("notifications/subscriptions/acknowledged"))).toBe(true);
    expect(stream.read()).toContain('{"toolsListChanged":true,"resourcesListChanged":true}');
    await world.estate.change("update tool set status = 'removed' where name = 'fail'", []);
    expect(await world.eventually(() => stream.read().includes("notifications/tools/list_changed"))).toBe(true);
    expect(stream.read()).toContain('"io.modelcontextprotocol/subscriptionId":"sub-1"');
    stream.stop();
  });

  test("ends at once when nothing of what was asked for is told here", async () => {
    const stream = await listen({ resourceSubscriptions: ["test://a"] });
    await stream.ended;
    expect(stream.read()).toContain('"resultType":"complete"');
  });
});
