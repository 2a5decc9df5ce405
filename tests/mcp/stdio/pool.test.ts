import { afterEach, describe, expect, it } from "vitest";
import { createStdioPool, type PoolLimits, poolLimits, type StdioPool } from "#lib/mcp/stdio/pool.ts";
import type { Launch } from "#lib/mcp/stdio/sandbox.ts";
import { call, hostileProgram } from "#tests/mcp/stdio/hostile-program.ts";

const program = await hostileProgram();
const pools: StdioPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function pool(limits: Partial<PoolLimits> = {}): StdioPool {
  const created = createStdioPool({ ...poolLimits, drainMs: 500, ...limits });
  pools.push(created);
  return created;
}

function launch(mode = "attack"): Launch {
  return { program: program(mode), environment: {}, writable: [] };
}

describe("the pool of stdio servers", () => {
  it("starts one process per key on demand and shares it", async () => {
    const servers = pool();
    const [one, same, other] = await Promise.all([
      servers.session("a", launch()),
      servers.session("a", launch()),
      servers.session("b", launch()),
    ]);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(servers.size()).toBe(2);
  });

  it("starts a crashed server again, later after each crash, and never repeats the call that crashed it", async () => {
    const servers = pool({ backoffFirstMs: 200 });
    const first = await servers.session("a", launch());
    await expect(call(first, "crash")).rejects.toMatchObject({ sent: true });
    await first.exited;
    await expect(servers.session("a", launch())).rejects.toMatchObject({
      code: "backing_off",
      retryAfterMs: expect.any(Number),
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    const second = await servers.session("a", launch());
    expect(second).not.toBe(first);
    expect(await call(second, "echo", { works: true })).toEqual({ works: true });
  });

  it("gives up for a while on a server that keeps crashing, and tries again afterwards", async () => {
    const servers = pool({ backoffFirstMs: 1, backoffMaxMs: 1, crashesMax: 3, circuitMs: 400 });
    for (let crash = 0; crash < 3; crash += 1) {
      await expect(servers.session("a", launch("crash-at-start"))).rejects.toMatchObject({ code: "unreachable" });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect(servers.session("a", launch())).rejects.toMatchObject({ code: "circuit_open" });
    await expect(servers.session("b", launch())).resolves.toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 420));
    await expect(servers.session("a", launch())).resolves.toBeDefined();
  });

  it("ends an idle server, but none with a call under way", async () => {
    const servers = pool({ idleMs: 500 });
    const busy = await servers.session("busy", launch());
    const slow = call(busy, "echo", { ms: 3_000 });
    const idle = await servers.session("idle", launch());
    expect(await idle.exited).toMatchObject({ reason: "closed" });
    expect(await slow).toEqual({ ms: 3_000 });
  });

  it("runs no more processes than allowed: an idle one makes room, a busy one does not", async () => {
    const servers = pool({ processesMax: 1 });
    const first = await servers.session("a", launch());
    const second = await servers.session("b", launch());
    expect(await first.exited).toMatchObject({ reason: "closed" });
    const busy = call(second, "echo", { ms: 800 });
    await expect(servers.session("c", launch())).rejects.toMatchObject({ code: "capacity" });
    await busy;
    expect(servers.size()).toBe(1);
  });

  it("stops a server at once when told to, and may start it again", async () => {
    const servers = pool();
    const first = await servers.session("a", launch());
    const waiting = call(first, "never");
    await Promise.all([expect(waiting).rejects.toMatchObject({ sent: true }), servers.stop("a")]);
    await expect(servers.session("a", launch())).resolves.toBeDefined();
  });

  it("lets running calls end when it closes, takes no new ones, and leaves no process", async () => {
    const servers = pool({ drainMs: 5_000 });
    const session = await servers.session("a", launch());
    const last = call(session, "echo", { ms: 400 });
    const closing = servers.close();
    await expect(servers.session("b", launch())).rejects.toMatchObject({ code: "closed" });
    expect(await last).toEqual({ ms: 400 });
    await closing;
    expect(await session.exited).toMatchObject({ reason: "closed" });
    expect(servers.size()).toBe(0);
  });
});
