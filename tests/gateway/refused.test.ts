import { tmpdir } from "node:os";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";
import { runAmbit } from "#tests/support/cli.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** A client that could ask for more scopes, as agents with an OAuth provider do; asking is what must not happen. */
function provider(token: string) {
  const asked: string[] = [];
  return {
    asked,
    redirectUrl: undefined,
    clientMetadata: { redirect_uris: [] },
    clientInformation: () => ({ client_id: "agent" }),
    tokens: () => ({ access_token: token, token_type: "Bearer" }),
    saveTokens: () => void asked.push("tokens"),
    redirectToAuthorization: () => void asked.push("redirect"),
    saveCodeVerifier: () => void asked.push("verifier"),
    codeVerifier: () => "",
    prepareTokenRequest: () => {
      asked.push("token request");
      return new URLSearchParams();
    },
  };
}

async function connectV1(slug: string, agentId: string) {
  const authProvider = provider(world.token(agentId, slug));
  const transport = new StreamableHTTPClientTransport(new URL(world.endpoint(slug)), { authProvider });
  const client = new Client({ name: "test", version: "1" });
  // the transport's types predate exactOptionalPropertyTypes
  const error = await refusal(client.connect(transport as unknown as Parameters<Client["connect"]>[0]));
  return { ...error, asked: authProvider.asked };
}

async function connectV2(slug: string, agentId: string) {
  const authProvider = provider(world.token(agentId, slug));
  const transport = new TransportV2(new URL(world.endpoint(slug)), { authProvider });
  const error = await refusal(new ClientV2({ name: "test", version: "1" }).connect(transport));
  return { ...error, asked: authProvider.asked };
}

test.each([
  ["1.32", connectV1],
  ["2.4", connectV2],
])(
  "an agent without any grant learns why and what to do from the stock SDK client %s, which asks for no scopes",
  async (_, connect) => {
    const agentId = await world.agent();
    const { connector } = await world.upstream();
    await world.ready();
    const { code, data, asked } = await connect(connector.slug, agentId);
    expect(code).toBe(-32602);
    expect(data).toMatchObject({
      reason: "no_grant",
      message: expect.stringMatching(/\.$/),
      whatToDo: expect.stringMatching(/\.$/),
      decisionId: expect.stringMatching(/^evt_/),
    });
    const link = new URL(String(data.requestAccess));
    expect(link.pathname).toBe("/requests/new");
    expect(Object.fromEntries(link.searchParams)).toEqual({ kind: "grant", connectorId: connector.slug, agentId });
    expect(asked).toEqual([]);
  },
);

test("a refused call's link asks for exactly that tool, whatever its name", async () => {
  const agentId = await world.agent();
  const { connector } = await world.upstream();
  await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
  await world.ready();
  const client = await world.connect(agentId, connector);
  const { data } = await refusal(client.callTool({ name: "a&agentId=other#" }));
  const link = new URL(String(data.requestAccess));
  expect(Object.fromEntries(link.searchParams)).toEqual({
    kind: "grant",
    connectorId: connector.slug,
    agentId,
    tool: "a&agentId=other#",
  });
  await client.close();
});

test("what no grant would cure offers no link: arguments that do not fit, and a suspended agent", async () => {
  const { connector } = await world.upstream();
  const [agentId, stopped] = [await world.agent(), await world.agent("suspended")];
  await world.estate.grant({ agentId, connector });
  await world.ready();
  const client = await world.connect(agentId, connector);
  const wrong = await refusal(client.callTool({ name: "echo", arguments: { text: 5 } }));
  expect(wrong.data).toMatchObject({ reason: "arguments_invalid" });
  expect(wrong.data).not.toHaveProperty("requestAccess");
  const { data } = await connectV1(connector.slug, stopped);
  expect(data).toMatchObject({ reason: "agent_suspended" });
  expect(data).not.toHaveProperty("requestAccess");
  await client.close();
});

test("ambit call says why, what to do and where to ask, and exits 1 for a denial", async () => {
  const [agentId, granted] = [await world.agent(), await world.agent()];
  const { connector } = await world.upstream();
  await world.estate.grant({ agentId: granted, connector });
  await world.ready();
  const call = (who: string, args: string) => {
    const bearer = world.token(who, connector.slug);
    const given = ["call", "echo", "--args", args, "--endpoint", world.endpoint(connector.slug), "--bearer", bearer];
    return runAmbit(given, tmpdir(), {});
  };
  const before = await call(agentId, "{}");
  expect(before).toMatchObject({ status: 1, stdout: "" });
  expect(before.stderr.trim().split("\n")).toEqual([
    "Refused: no_grant",
    "No grant covers this, or it does not exist.",
    "What to do: Request access in the catalogue.",
    expect.stringMatching(/^Ask for access: http:.*kind=grant/),
    expect.stringMatching(/^Recorded as: evt_/),
  ]);
  const wrong = await call(granted, '{"text":5}');
  expect(wrong).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Refused: arguments_invalid\n.*\n {2}\/text: /),
  });
  expect(await call(granted, '{"text":"hi"}')).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringContaining("hi"),
  });
  const noToken = await runAmbit(
    ["mcp-tools", "--endpoint", world.endpoint(connector.slug), "--bearer", "x"],
    tmpdir(),
    {},
  );
  expect(noToken).toMatchObject({ status: 1, stderr: "A valid access token is needed.\n" });
});
