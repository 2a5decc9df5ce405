import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPostgres } from "#lib/instance/postgres.ts";
import { execute } from "#tests/support/db.ts";

const fast = { fsync: "off" };
let dir: string;

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), "ambit-postgres-")), "database");
  await chmod(dirname(dir), 0o755);
});
afterEach(async () => {
  await rm(dirname(dir), { recursive: true, force: true });
});

test("a second start keeps data, port and password; the cluster is UTF-8 and asks for passwords", async () => {
  const first = await startPostgres({ dir, settings: fast });
  await execute(first.ownerUrl, "create table kept as select 'é' as text");
  await first.stop();
  expect(await first.ended).toContain("ended (0)");
  const second = await startPostgres({ dir, settings: fast });
  expect(second.ownerUrl).toBe(first.ownerUrl);
  expect(await execute(second.ownerUrl, "select text, current_setting('server_encoding') as e from kept")).toEqual([
    { text: "é", e: "UTF8" },
  ]);
  const open = new URL(second.ownerUrl);
  open.password = "wrong";
  await expect(execute(open.href, "select 1")).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(dir, "owner.password"))).mode & 0o777).toBe(0o600);
  await second.stop();
});

test("what a killed supervisor left running is taken over", async () => {
  const code = `const { startPostgres } = await import("#lib/instance/postgres.ts");
    await startPostgres({ dir: ${JSON.stringify(dir)}, settings: { fsync: "off" } }); process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  const orphan = Number((await readFile(join(dir, "cluster/postmaster.pid"), "utf8")).split("\n")[0]);
  expect(() => process.kill(orphan, 0)).not.toThrow();
  const server = await startPostgres({ dir, settings: fast });
  expect(() => process.kill(orphan, 0)).toThrow();
  expect(await execute(server.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
});

test.runIf(process.getuid?.() === 0)("root's private directory does not stop it", async () => {
  await chmod(dirname(dir), 0o700);
  const server = await startPostgres({ dir, settings: fast });
  const home = (await readFile(join(dir, "location"), "utf8")).trim();
  expect(await execute(server.ownerUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop();
  await rm(home, { recursive: true });
});
