import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyBytesMax } from "#lib/gateway/exchange.ts";
import { routeOf } from "#lib/gateway/routes.ts";
import { openWorld, type World } from "#tests/gateway/world.ts";

let world: World;
let agentId: string;
let slug: string;
let served: () => number;
beforeAll(async () => {
  world = await openWorld();
  agentId = await world.agent();
  const { connector, server } = await world.upstream();
  await world.estate.grant({ agentId, connector });
  slug = connector.slug;
  served = () => server.calls.length;
  await world.ready();
});
afterAll(() => world.close());

const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "echo", arguments: { text: "x" } } };

describe("the route table", () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
  const open: Record<string, string[]> = {
    "/health": ["GET", "HEAD"],
    "/mcp/s/github": ["GET", "POST", "DELETE"],
    "/.well-known/oauth-protected-resource/mcp/s/github": ["GET"],
    "/.well-known/oauth-authorization-server": ["GET", "POST"],
    "/.well-known/openid-configuration": ["GET", "POST"],
    "/oauth/token": ["GET", "POST"],
    "/oauth/jwks": ["GET", "POST"],
  };

  test.each(Object.keys(open))("serves %s by its methods only", (path) => {
    const allowed = methods.filter(
      (method) => !["not-found", "method-not-allowed"].includes(routeOf(method, path).kind),
    );
    expect(allowed).toEqual(methods.filter((method) => open[path]?.includes(method)));
  });

  test.each([
    "/",
    "/mcp/s/",
    "/mcp/s/a/",
    "/mcp/s/A",
    "/mcp/s/a%2fb",
    "/mcp/s/../health",
    "//mcp/s/a",
    "/mcp/s/a;x",
    "/metrics",
    "/oauthx",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp/s/a/b",
    "/.well-known/",
    "/api/v1/connectors",
    "*",
  ])("does not know %s", (path) => {
    for (const method of methods) expect(routeOf(method, path)).toEqual({ kind: "not-found" });
  });
});

describe("who may talk to it", () => {
  test("a foreign Host or Origin is refused before anything else", async () => {
    const status = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const { port } = new URL(world.gatewayUrl);
        const request = httpRequest({ host: "127.0.0.1", port, path: "/health", headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.end();
      });
    const { host } = new URL(world.gatewayUrl);
    expect(await status({ host: "evil.example" })).toBe(403);
    expect(await status({ host, origin: "https://evil.example" })).toBe(403);
    expect(await status({ host, origin: "null" })).toBe(403);
    expect(await status({ host, origin: world.gatewayUrl })).toBe(200);
  });

  test("without a token: 401 with the way to the metadata, which tells nothing about what exists", async () => {
    const bare = await fetch(world.endpoint(slug), { method: "POST", body: "{}" });
    expect(bare.status).toBe(401);
    const url = /resource_metadata="([^"]+)"/.exec(bare.headers.get("www-authenticate") ?? "")?.[1] ?? "";
    const known = await (await fetch(url)).text();
    const unknown = await (await fetch(url.replace(slug, "no-such"))).text();
    expect(unknown).toBe(known.replaceAll(slug, "no-such"));
    expect(JSON.parse(known)).toMatchObject({
      resource: world.endpoint(slug),
      authorization_servers: [world.gatewayUrl],
    });
  });

  test.each([
    ["of another endpoint", () => world.token(agentId, "other")],
    ["that expired", () => world.token(agentId, slug, { exp: 1 })],
    ["with a changed claim", () => `${Buffer.from("{}").toString("base64url")}.x`],
  ])("a token %s is refused with 401", async (_, token) => {
    const answer = await world.raw(agentId, slug, call, { authorization: `Bearer ${token()}` });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("a token in the query string is no token", async () => {
    const answer = await fetch(`${world.endpoint(slug)}?access_token=${world.token(agentId, slug)}`, {
      method: "POST",
    });
    expect(answer.status).toBe(401);
  });

  test("a connector that does not exist and one that is not granted give the same answer", async () => {
    const { connector } = await world.upstream();
    await world.ready();
    const hello = { jsonrpc: "2.0", id: 0, method: "initialize", params: {} };
    const answers = await Promise.all([
      world.raw(agentId, connector.slug, hello),
      world.raw(agentId, "no-such", hello),
    ]);
    const [hidden, missing] = answers.map(({ status, headers, body }) => ({
      status,
      headers: [...headers.keys()],
      body: body.replace(/evt_[0-9a-f]+/, "*").replace(/connectorId=[a-z0-9-]+/, "*"),
    }));
    expect(hidden).toEqual(missing);
    expect(JSON.parse(hidden?.body ?? "")).toMatchObject({ error: { code: -32602, data: { reason: "no_grant" } } });
  });
});

describe("messages that are refused before any decision", () => {
  test.each([
    ["a batch", JSON.stringify([call, call]), 400],
    ["duplicate members", '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"add"}}', 400],
    ["no JSON", "{", 400],
    ["another version of JSON-RPC", JSON.stringify({ ...call, jsonrpc: "1.0" }), 400],
    ["an id of null", JSON.stringify({ ...call, id: null }), 400],
    ["params that are a list", JSON.stringify({ ...call, params: [] }), 400],
    ["70 levels", `{"jsonrpc":"2.0","id":1,"method":"x","params":${'{"a":'.repeat(70)}1${"}".repeat(70)}}`, 400],
  ])("%s", async (_, body, status) => {
    const before = served();
    const answer = await world.raw(agentId, slug, body, await world.session(agentId, slug));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: "2.0", error: { code: expect.any(Number) } });
    expect(served()).toBe(before);
  });

  test("a body over 4 MiB gets 413 as a JSON-RPC error", async () => {
    const text = "x".repeat(bodyBytesMax);
    const big = { ...call, params: { name: "echo", arguments: { text } } };
    const answer = await world.raw(agentId, slug, big, await world.session(agentId, slug));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32600 } });
  });

  test("a body of another type, or for a caller that reads neither JSON nor streams", async () => {
    const session = await world.session(agentId, slug);
    expect((await world.raw(agentId, slug, call, { ...session, "content-type": "text/plain" })).status).toBe(415);
    expect((await world.raw(agentId, slug, call, { ...session, accept: "text/html" })).status).toBe(406);
  });

  test("all of them are in the log, without what they contained", async () => {
    const kept = async () => [
      ...(await world.events("call.malformed")),
      ...(await world.events("agent-token.refused")),
    ];
    expect(await world.eventually(async () => (await kept()).length > 5)).toBe(true);
    expect(JSON.stringify((await kept()).map((row) => String(row.leaf)))).not.toContain("tools/call");
  });
});

test("a caller that reads streams only gets its answer as a stream", async () => {
  const session = await world.session(agentId, slug);
  const answer = await world.raw(agentId, slug, call, { ...session, accept: "text/event-stream" });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(JSON.parse(/^data: (.*)$/m.exec(answer.body)?.[1] ?? "")).toMatchObject({ id: 1, result: expect.anything() });
});

describe("sessions", () => {
  test.each(["2025-11-25", "2025-06-18", "2025-03-26"])(
    "are negotiated in revision %s, and in the newest for any other",
    async (version) => {
      const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: "t", version: "1" } };
      const answer = await world.raw(agentId, slug, { jsonrpc: "2.0", id: 0, method: "initialize", params });
      expect(JSON.parse(answer.body).result).toMatchObject({
        protocolVersion: version,
        capabilities: { tools: { listChanged: true } },
      });
      expect(answer.headers.get("mcp-session-id")).toMatch(/^[\w-]{32}$/);
      const other = await world.raw(agentId, slug, {
        jsonrpc: "2.0",
        id: 0,
        method: "initialize",
        params: { ...params, protocolVersion: "1999" },
      });
      expect(JSON.parse(other.body).result.protocolVersion).toBe("2025-11-25");
    },
  );

  test("of another principal do not exist, with whatever valid token", async () => {
    const other = await world.agent();
    const [row] = await world.estate.query("select id from connector where slug = $1", [slug]);
    await world.estate
      .query(
        `insert into scope_grant select 'grt_' || $1, request_id, approval_id, principal_kind, $1, connector_id, version_id, scope, starts_at,
         expires_at, status, reason, created_at, ended_at, ended_by, row_version from scope_grant where principal_id = $2 and connector_id = $3`,
        [other, agentId, row?.id],
      )
      .catch(() => undefined);
    const session = await world.session(agentId, slug);
    expect((await world.raw(other, slug, call, session)).status).toBe(404);
    expect((await world.raw(agentId, slug, call, session)).status).toBe(200);
  });

  test("are needed, end by DELETE, and keep their protocol version", async () => {
    expect((await world.raw(agentId, slug, call)).status).toBe(400);
    const session = await world.session(agentId, slug);
    expect((await world.raw(agentId, slug, call, { ...session, "mcp-protocol-version": "2025-06-18" })).status).toBe(
      400,
    );
    const authorization = `Bearer ${world.token(agentId, slug)}`;
    const ended = await fetch(world.endpoint(slug), { method: "DELETE", headers: { ...session, authorization } });
    expect(ended.status).toBe(204);
    expect((await world.raw(agentId, slug, call, session)).status).toBe(404);
  });

  test("answer ping, take notifications, and offer no other method", async () => {
    const session = await world.session(agentId, slug);
    const ask = (method: string, id: number | undefined) =>
      world.raw(agentId, slug, { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), method }, session);
    expect(JSON.parse((await ask("ping", 7)).body)).toEqual({ jsonrpc: "2.0", id: 7, result: {} });
    expect((await ask("notifications/initialized", undefined)).status).toBe(202);
    for (const method of ["resources/subscribe", "tools/call2", "sampling/createMessage", "__proto__"])
      expect(JSON.parse((await ask(method, 8)).body)).toMatchObject({
        id: 8,
        error: { code: -32601, data: { reason: "method_not_found" } },
      });
  });

  test("list page by page, and refuse a cursor that is not theirs", async () => {
    const tools = Array.from({ length: 450 }, (_, at) => ({
      name: `t${String(at).padStart(3, "0")}`,
      inputSchema: { type: "object" },
    }));
    const { connector } = await world.upstream({ tools });
    await world.estate.grant({ agentId, connector, tools: { effects: ["read"] } });
    await world.ready();
    const client = await world.connect(agentId, connector);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      names.push(...page.tools.map((tool) => tool.name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(names).toEqual(tools.map((tool) => tool.name));
    await expect(client.listTools({ cursor: "nonsense" })).rejects.toThrow("cursor");
  });

  test("hear that their list changed", async () => {
    const { connector } = await world.upstream();
    const grantId = await world.estate.grant({ agentId, connector });
    await world.ready();
    const client = await world.connect(agentId, connector);
    await client.listTools();
    const heard = Promise.withResolvers<void>();
    client.fallbackNotificationHandler = (note) => {
      if (note.method === "notifications/tools/list_changed") heard.resolve();
      return Promise.resolve();
    };
    // the client opens its stream after initialize, in its own time
    await new Promise((resolve) => setTimeout(resolve, 300));
    await world.estate.change("update scope_grant set status = 'revoked', ended_at = now() where id = $1", [grantId]);
    await heard.promise;
    await client.close();
  });
});
