import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "#tests/gateway/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test("of one transaction, every changed row reaches decisions, not only the first that is notified", async () => {
  const agentId = await world.agent();
  const { connector } = await world.upstream();
  const grantId = await world.estate.grant({ agentId, connector, tools: { names: ["echo"] } });
  await world.ready();
  const client = await world.connect(agentId, connector);
  await client.callTool({ name: "echo", arguments: { text: "before" } });
  await world.estate.change(
    `with first as (update connector set name = name || ' ' where id = $1 returning id)
     update scope_grant g set status = 'revoked' from first where g.connector_id = first.id and g.id = $2`,
    [connector.id, grantId],
  );
  await sleep(1_000);
  await expect(client.callTool({ name: "echo", arguments: { text: "after" } })).rejects.toMatchObject({
    data: { reason: "grant_revoked" },
  });
  await client.close();
});
