import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
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

describe("what ends a grant stops the next call", () => {
  const seconds = 2_000;

  async function stops(
    change: (ids: { agentId: string; connectorId: string; grantId: string }) => [string, unknown[]],
  ) {
    const { agentId, connector, grantId, call, server } = await ordinary({ tools: { names: ["echo"] } });
    await call(echo.name, echo.args);
    await world.estate.change(...change({ agentId, connectorId: connector.id, grantId }));
    const changedAt = performance.now();
    let reason: unknown = null;
    await world.eventually(async () => {
      reason = await call(echo.name, echo.args).then(
        () => null,
        (error: { data: { reason: string } }) => error.data.reason,
      );
      return reason !== null;
    });
    expect(performance.now() - changedAt).toBeLessThan(seconds);
    const before = server.calls.length;
    await expect(call(echo.name, echo.args)).rejects.toThrow();
    expect(server.calls).toHaveLength(before);
    return reason;
  }

  test("a revoked grant", async () => {
    const sql = "update scope_grant set status = 'revoked', ended_at = now() where id = $1";
    expect(await stops(({ grantId }) => [sql, [grantId]])).toBe("grant_revoked");
  });

  test("a suspended agent", async () => {
    const sql = "update agent set status = 'suspended' where id = $1";
    expect(await stops(({ agentId }) => [sql, [agentId]])).toBe("agent_suspended");
  });

  test("a revoked key", async () => {
    const sql = "update agent_key set revoked_at = now() where agent_id = $1";
    expect(await stops(({ agentId }) => [sql, [agentId]])).toBe("key_revoked");
  });

  test("a suspended connector", async () => {
    const sql = "update connector set status = 'suspended' where id = $1";
    expect(await stops(({ connectorId }) => [sql, [connectorId]])).toBe("connector_suspended");
  });

  test("a revoked approval", async () => {
    const sql = "update approval set revoked_at = now() where connector_id = $1";
    expect(await stops(({ connectorId }) => [sql, [connectorId]])).toBe("approval_expired");
  });

  test("its expiry", async () => {
    const { call } = await ordinary({ tools: { names: ["echo"] }, seconds: 2 });
    await call(echo.name, echo.args);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await refusal(call(echo.name, echo.args))).data.reason).toBe("grant_expired");
  });

  test("its rate, until the window has passed", async () => {
    const { call } = await ordinary({ tools: { names: ["echo"] }, rate: { calls: 2, perSeconds: 60 } });
    await call(echo.name, echo.args);
    await call(echo.name, echo.args);
    const limited = await refusal(call(echo.name, echo.args));
    expect(limited).toMatchObject({ code: 42900, data: { reason: "rate_limited" } });
    expect(limited.data.retryAfterMs).toBeGreaterThan(1_000);
  });
});

test("a revoke that no gateway was told of stops the very next call, because its intent is refused", async () => {
  const { call, grantId, server } = await ordinary({ tools: { names: ["echo"] } });
  await call(echo.name, echo.args);
  await world.estate.query(
    `begin; alter table scope_grant disable trigger user;
     update scope_grant set status = 'revoked', ended_at = now() where id = '${grantId}';
     alter table scope_grant enable trigger user; update policy_epoch_part set epoch = epoch + 1 where id = 1; commit`,
  );
  expect((await refusal(call(echo.name, echo.args))).data.reason).toBe("grant_revoked");
  expect(server.calls).toHaveLength(1);
});

test("a call decided by a policy that changed meanwhile is decided again, never forwarded on the old one", async () => {
  const { call, rows, server } = await ordinary({ tools: { names: ["echo"] } });
  await call(echo.name, echo.args);
  let isOver = false;
  const noise = (async () => {
    while (!isOver) await world.estate.query("update policy_epoch_part set epoch = epoch + 1 where id = 1");
  })();
  const answers = await Promise.allSettled(Array.from({ length: 30 }, () => call(echo.name, echo.args)));
  isOver = true;
  await noise;
  const served = answers.filter((answer) => answer.status === "fulfilled").length;
  expect(server.calls).toHaveLength(served + 1);
  expect(await rows("call.intent")).toHaveLength(served + 1);
});

test("a flood of denials is counted in one event, and nobody else's call is delayed by it", async () => {
  const noisy = await ordinary({ tools: { names: ["echo"] } });
  const calm = await ordinary({ tools: { names: ["echo"] } });
  const flood = Promise.allSettled(Array.from({ length: 300 }, () => noisy.call("add", { a: 1, b: 2 })));
  await calm.call(echo.name, echo.args);
  await flood;
  const counted = async () =>
    (await noisy.rows("calls.denied-aggregated")).reduce(
      (sum, row) => sum + Number((row.parsed as { data: { count: number } }).data.count),
      0,
    );
  expect(await world.eventually(async () => (await noisy.rows("call.denied")).length + (await counted()) === 300)).toBe(
    true,
  );
  expect((await noisy.rows("call.denied")).length).toBeLessThan(100);
});
