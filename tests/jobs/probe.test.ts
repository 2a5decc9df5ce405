import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProbeResult } from "#lib/contract/probes.ts";
import type { Caller } from "#lib/core/permit.ts";
import { execute } from "#lib/domain/execute.ts";
import { beginProbe } from "#lib/domain/probes/run.ts";
import { finishAbandonedProbes, probeOnce } from "#lib/jobs/probe.ts";
import { refusalMs } from "#lib/mcp/egress/guard.ts";
import { type FixtureServer, startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";
import { openWorkerWorld } from "#tests/jobs/world.ts";

const world = await openWorkerWorld();
const canary = "canary-7c1f0a5e9d";
let server: FixtureServer;
let locked: FixtureServer;
let requester: Caller;

beforeAll(async () => {
  server = await startFixtureServer();
  locked = await startFixtureServer({ token: canary });
  await world.allow(server.port);
  await world.allow(locked.port);
  requester = await world.person();
});
afterAll(async () => {
  await server.close();
  await locked.close();
});

const start = (caller: Caller, input: object) => execute("probes.start", input, { caller, requestId: "rqt_test" });
const get = (caller: Caller, probeId: string) => execute("probes.get", { probeId }, { caller, requestId: "rqt_test" });

async function look(caller: Caller, input: object) {
  const { id } = await start(caller, input);
  await probeOnce(id, world.bounds);
  return get(caller, id);
}

describe("an inspection of a server", () => {
  it("is queued with its transaction, carried out once and kept with all that a request rests on", async () => {
    const queued = await start(requester, { target: { kind: "url", url: server.url } });
    expect(queued).toMatchObject({ state: "queued", result: null, mayRelease: false });
    const jobs = await world.rows(
      "select j.payload, j.max_attempts from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'probe'",
    );
    expect(jobs).toContainEqual({ payload: { probeId: queued.id }, max_attempts: 2 });
    await probeOnce(queued.id, world.bounds);
    const done = await get(requester, queued.id);
    expect(done).toMatchObject({ state: "done", result: { outcome: "ok", package: null } });
    expect(done.result).not.toHaveProperty("snapshot");
    const [row] = await world.rows("select result from probe where id = $1", [queued.id]);
    const stored = row?.result as Record<string, unknown>;
    expect(ProbeResult.parse(stored)).toEqual(done.result);
    expect(stored.snapshot).toMatchObject({ identity: { transport: "streamable-http", url: server.url } });
    const seen = server.requests.length;
    await probeOnce(queued.id, world.bounds);
    expect(server.requests.length).toBe(seen);
    const events = await world.rows(
      "select type, convert_from(leaf, 'UTF8')::json->'data' as data from audit_event where $1 = any(subjects) order by seq",
      [queued.id],
    );
    expect(events).toEqual([
      { type: "probe.started", data: { credential: null, kind: "http" } },
      { type: "probe.finished", data: { outcome: "ok" } },
    ]);
  });

  it("says nothing about others' inspections to whoever did not start them, unless they review or audit", async () => {
    const { id } = await start(requester, { target: { kind: "url", url: server.url } });
    await expect(get(await world.person(), id)).rejects.toMatchObject({ code: "not_found" });
    expect(await get(await world.person(["security_reviewer"]), id)).toMatchObject({ id });
    expect(await get(await world.person(["auditor"]), id)).toMatchObject({ id });
  });

  it("gives an unknown name and an unlisted internal address one identical answer, never sooner than the other", async () => {
    const answers = [];
    for (const url of ["https://no-such-host.invalid/mcp", "http://127.0.0.1:9/mcp", "https://169.254.169.254/mcp"]) {
      const started = performance.now();
      const { result } = await look(requester, { target: { kind: "url", url } });
      answers.push({ result, late: performance.now() - started });
    }
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size).toBe(1);
    expect(answers[0]?.result).toMatchObject({ outcome: "failed", code: "egress_refused" });
    for (const { late } of answers) expect(late).toBeGreaterThan(refusalMs - 50);
  });

  it("keeps a definition that the database could not store out, with a plain sentence", async () => {
    const tools = [{ name: "nul", description: "a\u0000b", inputSchema: { type: "object" } }];
    const hostile = await startFixtureServer({ tools });
    await world.allow(hostile.port);
    const { result } = await look(requester, { target: { kind: "url", url: hostile.url } });
    await hostile.close();
    expect(result).toMatchObject({ outcome: "failed", code: "protocol_error" });
  });

  it("is limited to 20 per person and hour, also when all come at once", async () => {
    const eager = await world.person();
    const results = await Promise.allSettled(
      Array.from({ length: 24 }, () => start(eager, { target: { kind: "url", url: server.url } })),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    expect(results.length - refused.length).toBe(20);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: "too_many_requests" } });
    await expect(start(requester, { target: { kind: "url", url: server.url } })).resolves.toBeDefined();
  });

  it("whose worker died is finished as failed, one that is under way is not", async () => {
    const dead = await start(requester, { target: { kind: "url", url: server.url } });
    const alive = await start(requester, { target: { kind: "url", url: server.url } });
    await beginProbe(dead.id);
    await beginProbe(alive.id);
    const worker = await world.pool.connect();
    await worker.query("select pg_advisory_lock(hashtextextended($1, 0))", [`probe ${alive.id}`]);
    await finishAbandonedProbes(world.pool);
    expect((await get(requester, dead.id)).result).toMatchObject({ outcome: "failed", code: "interrupted" });
    expect((await get(requester, alive.id)).state).toBe("running");
    await worker.query("select pg_advisory_unlock_all()");
    worker.release();
  });
});

describe("a sealed credential", () => {
  const seal = (caller: Caller, input: object) => execute("credentials.seal", input, { caller, requestId: "rqt_test" });
  const header = { kind: "header", name: "Authorization", value: `Bearer ${canary}` };

  it("opens the server that it was sealed for and is found nowhere else", async () => {
    const owner = await world.person();
    const asked = await look(owner, { target: { kind: "url", url: locked.url } });
    expect(asked.result).toMatchObject({ outcome: "needs_credential" });
    const sealed = await seal(owner, { url: locked.url, secret: header });
    expect(sealed).toMatchObject({ host: `127.0.0.1:${locked.port}`, hint: "Authorization", destroyedAt: null });
    const done = await look(owner, { target: { kind: "url", url: locked.url }, credentialId: sealed.id });
    expect(done.result).toMatchObject({ outcome: "ok" });
    const everything = await world.rows(
      `select (select count(*) from probe p where p::text like $1) as probes,
        (select count(*) from audit_event e where e::text like $1 or convert_from(e.leaf, 'UTF8') like $1) as events,
        (select count(*) from sealed_credential s where encode(s.sealed, 'escape') like $1 or s::text like $1) as sealed,
        (select count(*) from graphile_worker._private_jobs j where j::text like $1) as jobs`,
      [`%${canary}%`],
    );
    expect(everything).toEqual([{ probes: "0", events: "0", sealed: "0", jobs: "0" }]);
  });

  it("is never sent to another host and never used by somebody else", async () => {
    const owner = await world.person();
    const { id } = await seal(owner, { url: locked.url, secret: header });
    const elsewhere = start(owner, { target: { kind: "url", url: server.url }, credentialId: id });
    await expect(elsewhere).rejects.toMatchObject({ code: "invalid_input" });
    const stranger = start(requester, { target: { kind: "url", url: locked.url }, credentialId: id });
    await expect(stranger).rejects.toMatchObject({ code: "invalid_input" });
    await world.quietly(
      `insert into request (id, kind, title, requester_id, form) values ('req_named', 'connector', 'x', '${requester.id}', '{"technicalOwnerId":"${owner.id}"}')`,
    );
    const named = start(requester, { target: { kind: "url", url: locked.url }, credentialId: id });
    await expect(named).rejects.toMatchObject({ code: "invalid_input" });
    const shared = await seal(owner, { url: locked.url, sharedWithId: requester.id, secret: header });
    const allowed = await look(requester, { target: { kind: "url", url: locked.url }, credentialId: shared.id });
    expect(allowed.result).toMatchObject({ outcome: "ok" });
    await world.quietly(`update sealed_credential set sealed = null, destroyed_at = now() where id = '${id}'`);
    const destroyed = start(requester, { target: { kind: "url", url: locked.url }, credentialId: id });
    await expect(destroyed).rejects.toMatchObject({ code: "invalid_input" });
  });
});
