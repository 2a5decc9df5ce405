import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Caller } from "#lib/core/permit.ts";
import { execute } from "#lib/domain/execute.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";
import { openWorkerWorld } from "#tests/jobs/world.ts";

const world = await openWorkerWorld();
const requestId = "rqt_test";
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

function start(change: Record<string, string> = {}) {
  const env = {
    PATH: processEnvironment().PATH ?? "",
    NODE_ENV: "production" as const,
    AMBIT_APP_DATABASE_URL: world.database.appUrl,
    AMBIT_LOG_DATABASE_URL: world.database.logUrl,
    AMBIT_DATA_DIR: world.dataDir,
    ...change,
  };
  const child = spawn(process.execPath, ["lib/jobs/worker.ts"], { env, stdio: ["ignore", "ignore", "pipe"] });
  started.push(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return { child, said: () => said };
}

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; ; await sleep(100)) {
    const value = await read();
    if (holds(value) || Date.now() > end) return value;
  }
}

describe("the worker", () => {
  it("takes queued inspections and exports, sequences the log, and ends in order on SIGTERM", async () => {
    const requester: Caller = await world.person();
    const auditor: Caller = await world.person(["auditor"]);
    const server = await startFixtureServer();
    await world.allow(server.port);
    const worker = start();
    const probe = await execute(
      "probes.start",
      { target: { kind: "url", url: server.url } },
      { caller: requester, requestId },
    );
    const read = () => execute("probes.get", { probeId: probe.id }, { caller: requester, requestId });
    expect(await until(read, ({ state }) => state === "done")).toMatchObject({ result: { outcome: "ok" } });
    const period = {
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    };
    const pack = await execute("evidence.export", period, { caller: auditor, requestId });
    const built = () => execute("evidence.get", { packId: pack.id }, { caller: auditor, requestId });
    const done = await until(built, ({ state }) => state === "ready" || state === "failed");
    expect(done).toMatchObject({ state: "ready", error: null });
    worker.child.kill("SIGTERM");
    const [code] = await once(worker.child, "exit");
    expect({ code, said: worker.said() }).toMatchObject({ code: 0 });
    expect(worker.said()).not.toContain('"level":50');
    await server.close();
  });

  it("refuses to start with one sentence without database, keys or preparation", async () => {
    const cases = [
      [
        { AMBIT_APP_DATABASE_URL: "postgres://ambit_app@127.0.0.1:1/none" },
        /^worker: The database does not answer .*\n$/,
      ],
      [{ AMBIT_DATA_DIR: "/nonexistent" }, /^worker: The log's signing key .* is missing or unreadable; .*\n$/],
    ] as const;
    for (const [change, sentence] of cases) {
      const { child, said } = start(change);
      const [code] = await once(child, "close");
      expect(code).toBe(1);
      expect(said()).toMatch(sentence);
    }
  });
});
