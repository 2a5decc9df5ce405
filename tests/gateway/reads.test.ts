import type { ChildProcess } from "node:child_process";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fitsTemplate, readUse } from "#lib/gateway/uses.ts";
import { fixtureSeed } from "#tests/conformance/fixture-seed.ts";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";
import type { SeededConnector } from "#tests/support/estate.ts";
import { endChildren, startChild } from "#tests/support/process.ts";

describe("a URI belongs to a template", () => {
  test.each([
    ["test://item/{id}/data", "test://item/42/data", true],
    ["test://item/{id}/data", "test://item/a/b/data", false],
    ["test://item/{id}", "test://item/..", false],
    ["test://item/{id}", "test://item/%2e%2e", false],
    ["test://item/{id}", "test://item/a%2Fb", false],
    ["test://item/{id}", "test://item/a\\b", false],
    ["test://item/{id}", "test://item/", false],
    ["test://item/{id}", "test://item/a?x=1", false],
    ["test://item{?page}", "test://item?page=2", true],
    ["file:///{+path}", "file:///a/b/c", true],
    ["test://{a}/{b}", "test://x/y", true],
    ["test://a.b/{id}", "test://aXb/1", false],
  ])("%s %s: %s", (template, uri, fits) => {
    expect(fitsTemplate(template, uri)).toBe(fits);
  });

  test("in linear time, whatever the template", () => {
    const template = `test://${"{a}".repeat(30)}x`;
    const started = performance.now();
    expect(fitsTemplate(template, `test://${"b".repeat(2_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test("what is used is read from the body, and nothing beside it goes on", () => {
  expect(readUse("resources/read", { uri: "a://b", Uri: "a://c" })?.params).toEqual({ uri: "a://b" });
  expect(readUse("prompts/get", { name: "p", arguments: { n: 1 } })).toBeNull();
  expect(readUse("tools/call", { name: "" })).toBeNull();
  expect(readUse("constructor", {})).toBeNull();
  expect(readUse("completion/complete", { ref: { type: "ref/other", name: "x" }, argument: {} })).toBeNull();
});

describe("resources and prompts of a server are governed like its tools", () => {
  const children: ChildProcess[] = [];
  let world: World;
  let connector: SeededConnector;
  beforeAll(async () => {
    world = await openWorld();
    const port = await startChild(["tests/conformance/fixture.ts", "legacy"], children);
    await world.estate.allow(port);
    connector = await world.estate.connector(fixtureSeed(`http://127.0.0.1:${port}/mcp`, "legacy"));
  });
  afterAll(async () => {
    await world.close();
    await endChildren(children);
  });

  async function connect(names: readonly string[], actions: readonly string[]) {
    const agentId = await world.agent();
    await world.estate.grant({ agentId, connector, tools: { names }, actions });
    await world.ready();
    return world.connect(agentId, connector);
  }

  test("who may read one sees it in its list, reads it, and the reading is recorded", async () => {
    const names = ["test://static-text", "test://template/{id}/data", "test_simple_prompt"];
    const client = await connect(names, ["read"]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(["test://static-text"]);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["test_simple_prompt"]);
    const before = (await world.events("call.intent")).length;
    expect((await client.readResource({ uri: "test://static-text" })).contents).toHaveLength(1);
    expect((await client.readResource({ uri: "test://template/42/data" })).contents).toHaveLength(1);
    expect((await client.getPrompt({ name: "test_simple_prompt" })).messages).not.toHaveLength(0);
    expect((await world.events("call.intent")).length).toBe(before + 3);
    await client.close();
  });

  test("one that is not granted and one that does not exist get the same answer", async () => {
    const client = await connect(["test_simple_prompt"], ["read"]);
    const answers = await Promise.all([
      refusal(client.readResource({ uri: "test://static-text" })),
      refusal(client.readResource({ uri: "test://template/42/data" })),
      refusal(client.readResource({ uri: "test://nothing" })),
      refusal(client.getPrompt({ name: "test_prompt_with_arguments", arguments: { arg1: "a", arg2: "b" } })),
      refusal(client.getPrompt({ name: "no_such_prompt" })),
    ]);
    for (const { code, data } of answers) expect([code, data.reason]).toEqual([answers[0]?.code, "no_grant"]);
    await client.close();
  });

  test("who may only see it does not read it", async () => {
    const client = await connect(["test://static-text"], ["discover"]);
    expect((await client.listResources()).resources).toHaveLength(1);
    const { data } = await refusal(client.readResource({ uri: "test://static-text" }));
    expect(data.reason).toBe("action_not_granted");
    await client.close();
  });

  test("a server's log messages arrive on the call's own stream, from the level on that the agent set", async () => {
    const client = await connect(["test_tool_with_logging"], ["invoke"]);
    const heard: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params.level));
    await client.callTool({ name: "test_tool_with_logging", arguments: {} });
    const count = heard.length;
    expect(count).toBeGreaterThan(0);
    await client.setLoggingLevel("emergency");
    await client.callTool({ name: "test_tool_with_logging", arguments: {} });
    expect(heard).toHaveLength(count);
    await client.close();
  });
});
