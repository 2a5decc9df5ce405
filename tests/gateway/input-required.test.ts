import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
import { answerMsMax, createInputRounds } from "#lib/gateway/input-required.ts";
import { fixtureSeed } from "#tests/conformance/fixture-seed.ts";
import { openWorld, type World } from "#tests/gateway/world.ts";
import type { SeededConnector } from "#tests/support/estate.ts";
import { endChildren, startChild } from "#tests/support/process.ts";

const round = { agentId: "agt_1", toolId: "tol_1", versionDigest: "d1", method: "tools/call", args: { a: 1 } };
const question = (params: JsonObject): JsonObject => ({
  resultType: "input_required",
  inputRequests: { q: { method: "elicitation/create", params } },
  requestState: "theirs",
});
const form = (properties: JsonObject) =>
  question({ message: "Which?", requestedSchema: { type: "object", properties } });

describe("questions of a server", () => {
  const rounds = createInputRounds(randomBytes(32));

  test("say who asks, and carry a state that says nothing", () => {
    const passed = rounds.pass(form({ city: { type: "string" } }), round, "Weather", 0);
    expect(passed).toMatchObject({ inputRequests: { q: { params: { message: "[Weather] Which?" } } } });
    expect(JSON.stringify(passed)).not.toContain("theirs");
    expect(rounds.open(String(passed?.requestState), round, 1)).toBe("theirs");
  });

  test.each([
    ["another agent", { ...round, agentId: "agt_2" }, 1],
    ["another tool", { ...round, toolId: "tol_2" }, 1],
    ["another version", { ...round, versionDigest: "d2" }, 1],
    ["another method", { ...round, method: "prompts/get" }, 1],
    ["other arguments", { ...round, args: { a: 2 } }, 1],
    ["a later day", round, answerMsMax],
  ])("give a state that is worth nothing for %s", (_, other, now) => {
    const passed = rounds.pass(form({ city: { type: "string" } }), round, "Weather", 0);
    expect(rounds.open(String(passed?.requestState), other, now)).toBeNull();
  });

  test("give a state that cannot be altered or made", () => {
    const sealed = String(rounds.pass(form({}), round, "Weather", 0)?.requestState);
    const bytes = Buffer.from(sealed, "base64url");
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(rounds.open(altered.toString("base64url"), round, 1)).toBeNull();
    }
    expect(createInputRounds(randomBytes(32)).open(sealed, round, 1)).toBeNull();
    for (const text of ["", "x", "theirs"]) expect(rounds.open(text, round, 1)).toBeNull();
  });

  test.each([
    ["a secret by form", form({ api_key: { type: "string" } })],
    ["a secret under a title", form({ x: { type: "string", title: "Your password" } })],
    ["a script as address", question({ mode: "url", url: "javascript:alert(1)", message: "x" })],
    ["an address without https", question({ mode: "url", url: "http://a.example/", message: "x" })],
    [
      "a model's answer",
      { resultType: "input_required", inputRequests: { q: { method: "sampling/createMessage", params: {} } } },
    ],
    [
      "the person's folders",
      { resultType: "input_required", inputRequests: { q: { method: "roots/list", params: {} } } },
    ],
  ])("are not passed on when they ask for %s", (_, result) => {
    expect(rounds.pass(result as JsonObject, round, "Weather", 0)).toBeNull();
  });
});

describe("a call that a server answers with a question", () => {
  const children: ChildProcess[] = [];
  const tool = "test_input_required_result_request_state";
  let world: World;
  let connector: SeededConnector;
  let agentId: string;
  beforeAll(async () => {
    world = await openWorld();
    const port = await startChild(["tests/conformance/fixture.ts", "modern"], children);
    await world.estate.allow(port);
    connector = await world.estate.connector(fixtureSeed(`http://127.0.0.1:${port}/mcp`, "modern"));
    agentId = await grantee();
    await world.ready();
  });
  afterAll(async () => {
    await world.close();
    await endChildren(children);
  });

  async function grantee(): Promise<string> {
    const id = await world.agent();
    await world.estate.grant({ agentId: id, connector });
    return id;
  }

  async function ask(agent: string, more: JsonObject = {}) {
    const version = "2026-07-28";
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": version,
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    };
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: tool, arguments: {}, ...more, _meta } };
    const headers = { "mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": tool };
    const answer = JSON.parse((await world.raw(agent, connector.slug, body, headers)).body);
    return answer as { result?: JsonObject; error?: { code: number; data: JsonObject } };
  }
  const inputResponses = { confirm: { action: "accept", content: { ok: true, confirmed: true } } };

  test("is finished by its own agent's answer, and each round is recorded", async () => {
    const first = await ask(agentId);
    expect(first.result).toMatchObject({ resultType: "input_required" });
    const before = (await world.events("call.intent")).length;
    const second = await ask(agentId, { inputResponses, requestState: first.result?.requestState ?? "" });
    expect(second.result).toMatchObject({ resultType: "complete" });
    expect((await world.events("call.intent")).length).toBe(before + 1);
  });

  test("is not finished by another agent with the first one's state, and the server hears nothing of it", async () => {
    const first = await ask(agentId);
    const other = await grantee();
    await world.ready();
    const before = (await world.events("call.intent")).length;
    const stolen = await ask(other, { inputResponses, requestState: first.result?.requestState ?? "" });
    expect(stolen.error?.data).toMatchObject({ reason: "request_state_invalid" });
    expect((await world.events("call.intent")).length).toBe(before);
  });

  test("is refused to a caller of the handshake era, which cannot be asked that way", async () => {
    const client = await world.connect(agentId, connector);
    await expect(client.callTool({ name: tool, arguments: {} })).rejects.toMatchObject({ code: 50200 });
    await client.close();
  });
});
