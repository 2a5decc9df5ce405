import { expect, test } from "vitest";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import { forwardedMessage, hasTwins } from "#lib/gateway/forwarded.ts";
import { readUse } from "#lib/gateway/uses.ts";
import { createArgumentChecks } from "#lib/gateway/validate.ts";
import { parseMessage } from "#lib/mcp/json-rpc.ts";

const checks = createArgumentChecks();
const checkOf = (properties: object) => {
  const definition = JSON.stringify({ name: "x", inputSchema: { type: "object", properties } });
  return checks.checkOf({ definitionDigest: definition, definition } as CompiledTool);
};

test("a pattern that a server chose cannot hold up the gateway", () => {
  const { validate } = checkOf({ q: { type: "string", pattern: "^(a+)+$" } });
  const started = performance.now();
  expect(validate?.({ q: `${"a".repeat(100_000)}!` })).toHaveLength(1);
  expect(validate?.({ q: "aaa" })).toBeNull();
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("each pattern stands for itself, also beside others", () => {
  const { validate } = checkOf({ q: { type: "string", pattern: "^a$" }, r: { type: "string", pattern: "^b$" } });
  expect(validate?.({ q: "a", r: "b" })).toBeNull();
  expect(validate?.({ q: "b", r: "b" })).toHaveLength(1);
  expect(validate?.({ q: "a", r: "a" })).toHaveLength(1);
});

test("a pattern that cannot be run in linear time makes the schema unusable", () => {
  expect(checkOf({ q: { type: "string", pattern: "^(?=a)b" } }).validate).toBeNull();
});

test("only what was decided on is forwarded, and members that differ in case are told apart from it", () => {
  const raw = Buffer.from(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"x","params":{"name":"a","arguments":{"p":1},"Name":"b","task":{},"_meta":{"k":1}}}',
  );
  const message = parseMessage(raw, 10_000);
  if (message.kind !== "request") throw new Error("not a request");
  const use = readUse(message.method, message.params);
  if (use === null) throw new Error("not a use");
  expect(forwardedMessage(message, use)).toEqual({
    id: 1,
    method: "tools/call",
    params: { name: "a", arguments: { p: 1 }, _meta: { k: 1 } },
  });
  expect(hasTwins({ path: "/data/a", PATH: "/etc/shadow" })).toBe(true);
  expect(hasTwins({ deep: [{ a: 1, A: 2 }] })).toBe(true);
  expect(hasTwins({ path: "/data/a", other: { path: 1 } })).toBe(false);
});
