import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
import { leafBytes } from "#lib/core/log/event.ts";
import { readPayload } from "#lib/gateway/payload.ts";
import type { SidePayload } from "#lib/gateway/store/recorder.ts";
import { honestTools } from "#tests/fixtures/mcp-servers/fixture-tools.ts";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function ordinary(
  grant: Partial<Parameters<World["estate"]["grant"]>[0]> = {},
  seed: Parameters<World["upstream"]>[1] = {},
) {
  const agentId = await world.agent();
  const { server, connector } = await world.upstream(
    {},
    { effects: { delete_note: "destructive", fail: "write" }, ...seed },
  );
  const grantId = await world.estate.grant({ agentId, connector, ...grant });
  await world.ready();
  const client = await world.connect(agentId, connector);
  const call = (name: string, args: JsonObject = {}) => client.callTool({ name, arguments: args });
  const rows = async (type: string) => (await world.events(type)).filter((row) => row.agent_id === agentId);
  return { agentId, server, connector, grantId, client, call, rows };
}

const echo = { name: "echo", args: { text: "hello" } };

describe("a granted call", () => {
  test("reaches the server, and intent and outcome are in the log as canonical leaves", async () => {
    const { agentId, server, connector, grantId, call, rows } = await ordinary({ tools: { names: ["echo"] } });
    const result = await call(echo.name, echo.args);
    expect(result.content).toEqual([{ type: "text", text: "hello" }]);
    expect(server.calls.map(({ name, args }) => ({ name, args }))).toEqual([echo]);
    const [intent, ...others] = await rows("call.intent");
    expect(others).toEqual([]);
    expect(intent).toMatchObject({
      connector_id: connector.id,
      tool: "echo",
      decision: "permit",
      grant_id: grantId,
      principal_id: agentId,
    });
    expect(await world.eventually(async () => (await rows("call.outcome")).length === 1)).toBe(true);
    const outcomes = await rows("call.outcome");
    expect(outcomes[0]).toMatchObject({ call_id: intent?.call_id, reason: "ok" });
    for (const row of [intent, ...outcomes]) {
      const parsed = row?.parsed as Parameters<typeof leafBytes>[0];
      expect(Buffer.from(leafBytes(parsed)).equals(row?.leaf as Buffer)).toBe(true);
      expect(row?.leaf?.toString()).not.toContain("hello");
    }
  });

  test("of a tool that reports failure is passed on and recorded as a tool error", async () => {
    const { call, rows } = await ordinary();
    expect(await call("fail")).toMatchObject({ isError: true });
    expect((await rows("call.outcome")).map((row) => row.reason)).toEqual(["tool_error"]);
  });

  test("that may change something keeps arguments and result, redacted and encrypted; a read keeps nothing", async () => {
    const { call, rows } = await ordinary();
    await call("delete_note", { id: "n1", password: "hunter2" });
    await call("echo", { text: "x" });
    const [outcome] = await rows("call.outcome");
    const stored = await world.estate.query(
      "select call_id, part, wrapped_key, ciphertext from side_payload order by part",
    );
    const own = stored.filter((row) => row.call_id === outcome?.call_id);
    expect(own.map((row) => row.part)).toEqual(["arguments", "result"]);
    const values = own.map((row) => {
      const { call_id: callId, part, wrapped_key: wrappedKey, ciphertext } = row;
      return readPayload(world.payloadKey, { callId, part, wrappedKey, ciphertext } as SidePayload).value;
    });
    expect(values[0]).toBe('{"id":"n1","password":"[redacted]"}');
    expect(values[1]).toContain("delete_note");
    expect(JSON.stringify(stored)).not.toContain("hunter2");
    const reads = (await rows("call.intent")).filter((row) => row.tool === "echo").map((row) => row.call_id);
    expect(stored.filter((row) => reads.includes(row.call_id))).toEqual([]);
  });
});

describe("a call that is not granted", () => {
  test("is denied with a reason and what to do, recorded, and never reaches the server; a tool that does not exist likewise", async () => {
    const { server, call, rows } = await ordinary({ tools: { names: ["echo"] } });
    const denied = await refusal(call("add", { a: 1, b: 2 }));
    expect(denied.code).toBe(-32602);
    expect(denied.data).toMatchObject({
      reason: "no_grant",
      whatToDo: expect.any(String),
      requestAccess: expect.stringContaining("tool=add"),
    });
    const unknown = await refusal(call("no_such_tool"));
    const neutral = (data: object) => JSON.stringify({ ...data, decisionId: 0 }).replace(/tool=\w+/, "");
    expect(neutral(unknown.data)).toBe(neutral(denied.data));
    expect(server.calls).toEqual([]);
    expect(await world.eventually(async () => (await rows("call.denied")).length === 2)).toBe(true);
    const [first] = await rows("call.denied");
    expect(first).toMatchObject({ id: denied.data.decisionId, decision: "deny", reason: "no_grant", tool: "add" });
  });

  test.each([
    "ECHO",
    "echo ",
    " echo",
    "echo\u200b",
    "еcho",
    "echo\n",
    "bench/echo",
    "echo\u0000x",
    "__proto__",
    "constructor",
  ])("is denied for the decorated name %j", async (name) => {
    const { server, call } = await ordinary({ tools: { effects: ["read", "write", "destructive"] } });
    await expect(call(name, echo.args)).rejects.toThrow();
    expect(server.calls).toEqual([]);
  });

  test("lists show exactly what calls permit, in order of name, with the approved text", async () => {
    const { client, call } = await ordinary({ tools: { names: ["slow", "add", "echo"] } });
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["add", "echo", "slow"]);
    expect(tools[1]).toEqual(honestTools.find((tool) => tool.name === "echo"));
    for (const { name } of honestTools) {
      const isListed = tools.some((tool) => tool.name === name);
      const args =
        name === "add"
          ? { a: 1, b: 2 }
          : name === "echo"
            ? echo.args
            : name === "delete_note"
              ? { id: "1" }
              : { ms: 1 };
      const isPermitted = await call(String(name), args).then(
        () => true,
        () => false,
      );
      expect(isPermitted, String(name)).toBe(isListed);
    }
  });

  test("is denied when the tool was not approved, waits for a release, or the approval names other agents", async () => {
    const unapproved = await ordinary({}, { approved: ["add"] });
    expect((await refusal(unapproved.call("echo", echo.args))).data.reason).toBe("tool_not_approved");
    const held = await ordinary({}, { hold: ["echo"] });
    expect((await refusal(held.call("echo", echo.args))).data.reason).toBe("approval_required");
    const agentId = await world.agent();
    const { connector } = await world.upstream({}, { agentIds: ["agt_other"] });
    await world.estate.grant({ agentId, connector });
    await world.ready();
    await expect(world.connect(agentId, connector)).rejects.toMatchObject({ data: { reason: "agent_not_allowed" } });
  });
});

describe("arguments", () => {
  test.each([
    ["a wrong type", "add", { a: "1", b: 2 }],
    ["a missing member", "add", { a: 1 }],
    ["an extra member", "add", { a: 1, b: 2, c: 3 }],
    ["a value out of bounds", "slow", { ms: 60_001 }],
  ])("with %s are refused by the approved schema", async (_, name, args) => {
    const { server, call } = await ordinary();
    const refused = await refusal(call(name, args));
    expect(refused).toMatchObject({ code: -32602, data: { reason: "arguments_invalid" } });
    expect(refused.data.issues).toHaveLength(1);
    expect(server.calls).toEqual([]);
  });

  test("outside of the grant's constraints are refused with the argument's pointer", async () => {
    const constraints = [{ pointer: "/text", rule: { op: "prefix", value: "ok" } }];
    const { call } = await ordinary({ tools: { names: ["echo"] }, constraints });
    await call("echo", { text: "ok then" });
    expect((await refusal(call("echo", { text: "no" }))).data).toMatchObject({
      reason: "argument_out_of_scope",
      pointer: "/text",
    });
  });

  test("of a tool whose schema cannot be used are all refused", async () => {
    const inputSchema = { type: "object", properties: { a: { $ref: "https://schemas.example/a.json" } } };
    const tools = [{ name: "odd", inputSchema }];
    const agentId = await world.agent();
    const { server, connector } = await world.upstream({ tools });
    await world.estate.grant({ agentId, connector });
    await world.ready();
    const client = await world.connect(agentId, connector);
    expect((await refusal(client.callTool({ name: "odd", arguments: {} }))).data.reason).toBe("schema_unusable");
    expect(server.calls).toEqual([]);
  });

  test("of draft-07 schemas are checked by draft-07", async () => {
    const $schema = "http://json-schema.org/draft-07/schema#";
    const inputSchema = { $schema, type: "object", properties: { a: { type: "array", items: [{ type: "number" }] } } };
    const agentId = await world.agent();
    const { connector } = await world.upstream({ tools: [{ name: "old", inputSchema }] });
    await world.estate.grant({ agentId, connector });
    await world.ready();
    const client = await world.connect(agentId, connector);
    await client.callTool({ name: "old", arguments: { a: [1, "x"] } });
    expect((await refusal(client.callTool({ name: "old", arguments: { a: ["x"] } }))).data.reason).toBe(
      "arguments_invalid",
    );
  });
});
