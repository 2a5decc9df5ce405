import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";
import { ensureRoles, grantJobQueue } from "#lib/instance/roles.ts";

/** The migrations of this version of Ambit. */
export const migrationsDir = join(import.meta.dirname, "../../prisma/migrations");

/** Advisory lock of whoever migrates; Prisma's CLI takes the same one, so the two exclude each other. */
const migrationLock = 72707369;
const serverVersionMin = 170_000;

/**
 * Brings a database to this version: roles, migrations, job queue, rights. Safe to run at every start and from several
 * processes at once.
 * @param ownerUrl the migration owner's connection (owner of the database, may create roles)
 * @returns names of the migrations applied now
 * @throws Error with one sentence when the server is too old, an applied migration was edited, or the database is ahead
 */
export async function prepareDatabase(ownerUrl: string, dir: string = migrationsDir): Promise<string[]> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 10_000,
    application_name: "ambit-migrate",
  });
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await ensureRoles(client, ownerUrl);
    const applied = await migrate(client, dir);
    await runMigrations({ connectionString: ownerUrl, logger: new Logger(() => () => {}) });
    await grantJobQueue(client);
    return applied;
  } finally {
    await client.end();
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  const [server] = rows;
  if (server === undefined || server.number < serverVersionMin) {
    throw new Error(`Ambit needs PostgreSQL 17 or newer; this server is ${server?.version}.`);
  }
}

interface Migration {
  name: string;
  sql: string;
  /** hex SHA-256 of the file, as Prisma computes it. */
  checksum: string;
}

async function migrate(client: pg.Client, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
    logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  const { rows: done } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null order by migration_name",
  );
  for (const row of done) {
    const known = migrations.find(({ name }) => name === row.migration_name);
    if (known === undefined)
      throw new Error(`The database is ahead of this version of Ambit: it has migration ${row.migration_name}.`);
    if (known.checksum !== row.checksum)
      throw new Error(`Migration ${known.name} was edited after it had been applied.`);
    if (row.finished_at === null)
      throw new Error(`Migration ${known.name} was begun by another tool and did not finish.`);
  }
  const pending = migrations.filter(({ name }) => !done.some((row) => row.migration_name === name));
  for (const migration of pending) await apply(client, migration);
  return pending.map(({ name }) => name);
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(dir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}
