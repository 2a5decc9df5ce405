import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
import { pinnedPackage } from "#lib/mcp/package/pinned.ts";
import { probePackage } from "#lib/mcp/stdio/probe.ts";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";

const name = "@modelcontextprotocol/server-everything";
const version = "2026.8.31";
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function packageConnector() {
  const program = pinnedPackage(name, version, []);
  if (program === null) throw new Error("The demo's package is missing.");
  const path = program.entry.slice(name.length + 1);
  const identity = { name, version, integrity: "sha512-x", lockDigest: "x", argv: ["node", path] };
  const seen = await probePackage({ program, environment: {}, writable: [] }, identity, AbortSignal.timeout(30_000));
  const tools = seen.capabilities.filter(({ kind }) => kind === "tool").map(({ definition }) => definition);
  const agentId = await world.agent();
  const connector = await world.estate.connector({ url: "", tools, identity: seen.identity as unknown as JsonObject });
  await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
  return { agentId, connector };
}

test("a package that was not released is not started; on a demo instance its pinned ones are, and answer calls", async () => {
  const { agentId, connector } = await packageConnector();
  await world.ready();
  const client = await world.connect(agentId, connector);
  const call = () => client.callTool({ name: "echo", arguments: { message: "hi" } });
  expect((await refusal(call())).data.reason).toBe("upstream_unverified");
  await world.estate.query(
    "insert into instance (id, mode, log_origin) values (1, 'demo', 'test') on conflict (id) do update set mode = 'demo'",
  );
  await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
  await world.ready();
  expect(await call()).toMatchObject({ content: [{ type: "text", text: "Echo: hi" }] });
});
