import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loginUrl } from "#lib/db/pool.ts";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { type EmbeddedPostgres, startPostgres } from "#lib/instance/postgres.ts";
import { openWorld, refusal, type World } from "#tests/gateway/world.ts";
import { openEstate } from "#tests/support/estate.ts";

async function ordinary(world: World, effects: Record<string, "read" | "write"> = {}) {
  const agentId = await world.agent();
  const { server, connector } = await world.upstream({}, { effects });
  await world.estate.grant({ agentId, connector });
  await world.ready();
  const client = await world.connect(agentId, connector);
  const call = (name: string, args: Record<string, string | number>) => client.callTool({ name, arguments: args });
  return { agentId, server, connector, client, call };
}

describe("a recorder with no room", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ recorderLimits: { queue: 0 } });
  });
  afterAll(() => world.close());

  test("refuses calls; nothing is forwarded", async () => {
    const { server, call } = await ordinary(world);
    expect(await refusal(call("echo", { text: "a" }))).toMatchObject({
      code: 50300,
      data: { reason: "recorder_full" },
    });
    expect(server.calls).toEqual([]);
  });
});

describe("a clock that is off by more than 2 s", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ clock: () => Date.now() + 3_000 });
  });
  afterAll(() => world.close());

  test("refuses everything, with the reason", async () => {
    const agentId = await world.agent();
    const { connector } = await world.upstream();
    await world.estate.grant({ agentId, connector });
    await world.ready();
    await expect(world.connect(agentId, connector)).rejects.toThrow("clock_skew");
  });
});

describe("a database that is lost", () => {
  let dir: string;
  let postgres: EmbeddedPostgres;
  let world: World;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "ambit-faults-"));
    await chmod(dir, 0o755);
    postgres = await startPostgres({ dir: join(dir, "postgres") });
    await prepareDatabase(postgres.ownerUrl);
    const gatewayUrl = loginUrl(postgres.ownerUrl, "ambit_gateway");
    world = await openWorld({}, { ownerUrl: postgres.ownerUrl, gatewayUrl, drop: () => Promise.resolve() });
  });
  afterAll(async () => {
    await world.close();
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  });

  test("under load stops calls; whatever reached the server has an intent; and it recovers by itself", {
    timeout: 60_000,
  }, async () => {
    const { server, call, agentId } = await ordinary(world);
    let isOver = false;
    let lastId = 0;
    const refused: string[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        lastId += 1;
        await call("echo", { text: `n${lastId}` }).catch((error: { data?: { reason?: string } }) => {
          refused.push(error.data?.reason ?? String(error));
          return new Promise((resolve) => setTimeout(resolve, 20));
        });
      }
    });
    expect(await world.eventually(() => server.calls.length > 50, 10_000)).toBe(true);
    await postgres.stop();
    expect(await world.eventually(() => refused.length > 20, 10_000)).toBe(true);
    const duringLoss = server.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(server.calls).toHaveLength(duringLoss);
    expect((await fetch(`${world.gatewayUrl}/health`)).status).toBe(200);
    expect(await world.eventually(async () => (await fetch(`${world.gatewayUrl}/health`)).status === 503, 5_000)).toBe(
      true,
    );
    postgres = await startPostgres({ dir: join(dir, "postgres") });
    expect(await world.eventually(() => server.calls.length > duringLoss + 50, 20_000)).toBe(true);
    isOver = true;
    await Promise.all(load);
    for (const reason of refused) expect(["recorder_failed", "policy_unconfirmed"]).toContain(reason);
    const fresh = await openEstate(postgres.ownerUrl);
    const [intents] = await fresh.query(
      "select count(*)::int as count from audit_event where type = 'call.intent' and agent_id = $1",
      [agentId],
    );
    await fresh.close();
    expect(server.calls.length).toBeLessThanOrEqual(Number(intents?.count));
  });
});

describe("an outcome that cannot be written", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ recorderLimits: { outcomeMsMax: 300, writeMs: 300 } });
  });
  afterAll(() => world.close());

  test("withholds the result; the intent stays visible without outcome", async () => {
    const { server, call } = await ordinary(world, { echo: "write" });
    // the log takes intents but no outcomes; one of a read waits to go along and must not take the intent with it
    await call("add", { a: 1, b: 2 });
    await world.estate.query(
      "alter table audit_event add constraint no_outcomes check (type <> 'call.outcome') not valid",
    );
    const refused = await refusal(call("echo", { text: "secret result" }));
    expect(refused).toMatchObject({ code: 50001, data: { reason: "outcome_unrecorded", callId: expect.any(String) } });
    expect(JSON.stringify(refused)).not.toContain("secret result");
    expect(server.calls.at(-1)?.args).toEqual({ text: "secret result" });
    const rows = await world.estate.query("select type from audit_event where call_id = $1", [refused.data.callId]);
    expect(rows).toEqual([{ type: "call.intent" }]);
  });
});

describe("stopping", () => {
  test("lets a call under way finish, takes no new one, and writes what is left", async () => {
    const world = await openWorld();
    const { call, agentId } = await ordinary(world);
    await call("echo", { text: "warm" });
    const running = call("slow", { ms: 600 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const closing = world.gateway.close();
    expect(await running).toMatchObject({ content: [{ type: "text", text: "done" }] });
    await closing;
    const rows = await world.estate.query(
      "select type, count(*)::int as count from audit_event where agent_id = $1 group by type order by type",
      [agentId],
    );
    expect(rows).toEqual([
      { type: "call.intent", count: 2 },
      { type: "call.outcome", count: 2 },
    ]);
    await world.close();
  });
});
