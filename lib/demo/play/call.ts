import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { type Attempt, attempt, connectAs, tokenFor } from "#lib/demo/agent.ts";
import { type Granted, leftOut, type Stage } from "#lib/demo/play/stage.ts";
import { eventually, expect, expectEqual, Unmet } from "#lib/demo/play/steps.ts";

/** How long a change may take to reach the gateway, as its README states, milliseconds. */
const boundMs = 2_000;

/** Step 5: what the agent sees, what it may call, and everything that is denied. */
export async function playCalls(stage: Stage, granted: Granted): Promise<void> {
  const { chapter, step } = stage;
  const { agent, endpoint, held } = granted;
  chapter("Call");
  const client = await step("the agent gets a token with its key and connects a stock MCP client", () =>
    connect(granted),
  );
  try {
    await step("tools/list shows exactly what is granted", async () => {
      const { tools } = await client.listTools();
      const expected = ["echo", "get-sum", "get-tiny-image", held].sort();
      expectEqual("tools", tools.map(({ name }) => name).sort(), expected);
    });
    await step("a granted call reaches the server and comes back", async () => {
      const came = await attempt(client, "echo", { message: "hello from the play" });
      expectEqual("the answer", came, { permitted: true, text: "Echo: hello from the play", isError: false });
    });
    await step("a tool that security left out, and one that does not exist, are the same to it", async () => {
      const reviewedOut = await denied(client, leftOut, {}, "no_grant");
      const unknown = await denied(client, "no-such-tool", {}, "no_grant");
      expectEqual("the same answer", withoutNames(reviewedOut), withoutNames(unknown));
    });
    await step("an argument outside of the grant is denied and named", async () => {
      const { data } = await denied(client, "echo", { message: "good morning" }, "argument_out_of_scope");
      expectEqual("the argument", data.pointer, "/message");
    });
    await step("arguments of wrong types and unknown names do not reach the server", async () => {
      const { data } = await denied(client, "get-sum", { a: "1", b: 2 }, "arguments_invalid");
      expect("which argument", JSON.stringify(data.issues).includes("/a"), data);
      await denied(client, "get-sum", {}, "arguments_invalid");
    });
    await step("the held tool needs a person for each call", async () => {
      await denied(client, held, {}, "approval_required");
    });
    await step("a connector that is not granted and one that does not exist answer the same", () =>
      sameAnswer(granted, [endpointOf(endpoint, "everything"), endpointOf(endpoint, `none-${stage.suffix}`)]),
    );
    await step("a token for one connector opens no other", async () => {
      const token = await tokenFor(agent, endpoint);
      const { status } = await initialize(endpointOf(endpoint, "everything"), token);
      expectEqual("status", status, 401);
    });
    await playStops(stage, granted, client);
  } finally {
    await client.close();
  }
}

async function playStops(
  { step, people }: Stage,
  { main, connectorId, agent, held }: Granted,
  client: Client,
): Promise<void> {
  await step("a revoked grant ends the next call; the other grant still works", async () => {
    await people.owner.ask("grants.revoke", { grantId: main.id, reason: "The play is over for this one." });
    await stopped(client, "echo", { message: "hello again" }, ["grant_revoked", "no_grant"]);
    await stopped(client, held, {}, ["grant_revoked", "no_grant"]);
    const came = await attempt(client, "get-tiny-image", {});
    expect("permitted", came.permitted, came);
  });
  await step("a suspended connector stops every call, and says so", async () => {
    await people["security-1"].ask("connectors.suspend", { connectorId, reason: "The play tries the stop." });
    await stopped(client, "get-tiny-image", {}, ["connector_suspended"]);
  });
  await step("undoing the stop takes a second person", async () => {
    const reason = "The play goes on.";
    const { changeId } = await people.owner.ask("connectors.resume", { connectorId, reason });
    expectEqual("status", (await people.owner.ask("connectors.get", { connectorId })).status, "suspended");
    await people["security-2"].ask("changes.confirm", { changeId, reason });
    await eventually(
      "permitted again",
      boundMs,
      () => attempt(client, "get-tiny-image", {}),
      (came) => came.permitted,
    );
  });
  await step("a suspended agent calls nothing, with a token that is still valid", async () => {
    await people.requester.ask("agents.suspend", { agentId: agent.id, reason: "The play ends it." });
    await stopped(client, "get-tiny-image", {}, ["agent_suspended"]);
  });
}

/** A grant of this moment has the bound to reach the gateway. */
async function connect({ agent, endpoint }: Granted): Promise<Client> {
  const came = await eventually(
    "a connection",
    boundMs,
    () => connectAs(agent, endpoint).catch((error: unknown) => error),
    (answer) => !(answer instanceof Error),
  );
  return came as Client;
}

type Denied = Extract<Attempt, { permitted: false }>;

async function denied(
  client: Client,
  tool: string,
  args: Record<string, unknown>,
  ...reasons: readonly string[]
): Promise<Denied> {
  const came = await attempt(client, tool, args);
  if (came.permitted || !reasons.includes(came.reason)) throw new Unmet(`denied: ${reasons.join(" or ")}`, came);
  const { whatToDo, message } = came.data;
  expect("a sentence, and what to do about it", typeof whatToDo === "string" && typeof message === "string", came);
  return came;
}

/** Denied from the moment that a stop was acknowledged, or at the latest after the stated bound. */
async function stopped(
  client: Client,
  tool: string,
  args: Record<string, unknown>,
  reasons: readonly string[],
): Promise<void> {
  await eventually(
    `denied: ${reasons.join(" or ")}`,
    boundMs,
    () => attempt(client, tool, args),
    (came) => !came.permitted && reasons.includes(came.reason),
  );
}

/** Without what names the call: its record, and the tool as it was asked for. */
function withoutNames({ code, data }: Denied): unknown {
  return { code, ...data, decisionId: null, requestAccess: String(data.requestAccess).replace(/&tool=.*/, "") };
}

function endpointOf(endpoint: string, slug: string): string {
  return endpoint.replace(/[^/]+$/, slug);
}

async function sameAnswer({ agent }: Granted, endpoints: readonly string[]): Promise<void> {
  const answers = [];
  for (const endpoint of endpoints) answers.push(await initialize(endpoint, await tokenFor(agent, endpoint)));
  const [ungranted, missing] = answers;
  expectEqual("status", ungranted?.status, 200);
  expectEqual("the same answer", ungranted, missing);
}

/** The bare answer to an initialize request, without what differs from answer to answer. */
async function initialize(
  endpoint: string,
  token: string,
): Promise<{ status: number; challenge: string; body: string }> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "play", version: "1" } },
    }),
  });
  const slug = new URL(endpoint).pathname.split("/").at(-1) ?? "";
  const neutral = (text: string) => text.replaceAll(slug, "{slug}").replaceAll(/evt_\w+/g, "{decision}");
  const challenge = neutral(response.headers.get("www-authenticate") ?? "");
  return { status: response.status, challenge, body: neutral(await response.text()) };
}
