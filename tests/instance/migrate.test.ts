import { spawnSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { migrationsDir, prepareDatabase } from "#lib/instance/migrate.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { createTestDatabase, execute } from "#tests/support/db.ts";

const database = await createTestDatabase();
let dir: string;
const dirs: string[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ambit-migrations-"));
  dirs.push(dir);
  await cp(migrationsDir, dir, { recursive: true });
});

afterAll(async () => {
  await database.drop();
  for (const path of dirs) await rm(path, { recursive: true });
});

const names = async () =>
  (await execute(database.ownerUrl, "select migration_name as n from _prisma_migrations order by n")).map(({ n }) => n);

async function add(name: string, sql: string): Promise<void> {
  await cp(join(dir, "20261122000300_rights"), join(dir, name), { recursive: true });
  await writeFile(join(dir, name, "migration.sql"), sql);
}

test("a prepared database needs nothing, also when several processes start at once", async () => {
  expect(await Promise.all([1, 2, 3].map(() => prepareDatabase(database.ownerUrl)))).toEqual([[], [], []]);
});

test("a migration that fails leaves nothing behind", async () => {
  await add("29990101000000_bad", "create table half_done (id int); select 1/0;");
  await expect(prepareDatabase(database.ownerUrl, dir)).rejects.toThrow(/29990101000000_bad failed: division by zero/);
  expect(await names()).not.toContain("29990101000000_bad");
  expect(await execute(database.ownerUrl, "select to_regclass('half_done') as t")).toEqual([{ t: null }]);
});

test("an applied migration that was edited is refused", async () => {
  await writeFile(join(dir, "20261122000300_rights", "migration.sql"), "select 1;");
  await expect(prepareDatabase(database.ownerUrl, dir)).rejects.toThrow(/20261122000300_rights was edited/);
});

test("a database ahead of the program is refused", async () => {
  await rm(join(dir, "20261122000300_rights"), { recursive: true });
  await expect(prepareDatabase(database.ownerUrl, dir)).rejects.toThrow(/ahead of this version/);
});

test("Prisma's own CLI finds the database up to date", () => {
  const env = { ...processEnvironment(), DATABASE_URL: database.ownerUrl };
  const { stdout, stderr } = spawnSync("prisma", ["migrate", "deploy"], { env, encoding: "utf8", timeout: 25_000 });
  expect(stdout + stderr).toContain("No pending migrations to apply");
});
