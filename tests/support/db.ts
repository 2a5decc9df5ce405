import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, inject } from "vitest";
import { closePrisma } from "#lib/db/client.ts";
import { loginUrl } from "#lib/db/pool.ts";
import { processEnvironment } from "#lib/platform/env.ts";

/** A migrated database of one test file, and the connections of its roles. */
export interface TestDatabase {
  ownerUrl: string;
  appUrl: string;
  gatewayUrl: string;
  logUrl: string;
  /** Disconnects whoever is left and removes the database. */
  drop(): Promise<unknown>;
}

/** A fresh copy of the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = new URL(inject("templateUrl"));
  const name = `ambit_test_${randomBytes(6).toString("hex")}`;
  const server = new URL(template);
  server.pathname = "/postgres";
  await execute(server.href, `create database ${name} template ${template.pathname.slice(1)}`);
  // As `ensureRoles` does; the copy does not take a database's rights along.
  await execute(server.href, `revoke temporary on database ${name} from public`);
  const owner = new URL(template);
  owner.pathname = `/${name}`;
  return {
    ownerUrl: owner.href,
    appUrl: loginUrl(owner.href, "ambit_app"),
    gatewayUrl: loginUrl(owner.href, "ambit_gateway"),
    logUrl: loginUrl(owner.href, "ambit_log"),
    drop: () => execute(server.href, `drop database if exists ${name} with (force)`),
  };
}

/**
 * The database of this test file, as `const database = await openTestDatabase()` at its top: `env()`, `prisma()` and
 * `withTransaction()` use it, and it is dropped after the file's last test. Call it before anything reads `env()`.
 * @param settings further settings of the process, by name
 */
export async function openTestDatabase(settings: Record<string, string> = {}): Promise<TestDatabase> {
  const database = await createTestDatabase();
  Object.assign(processEnvironment(), settings, {
    DATABASE_URL: database.ownerUrl,
    AMBIT_APP_DATABASE_URL: database.appUrl,
    AMBIT_GATEWAY_DATABASE_URL: database.gatewayUrl,
    AMBIT_LOG_DATABASE_URL: database.logUrl,
  });
  afterAll(async () => {
    await closePrisma();
    await database.drop();
  });
  return database;
}

/** Runs one statement, or several, on a connection of its own and returns the rows of a single statement. */
export async function execute(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(sql, values);
    return result.rows;
  } finally {
    await client.end();
  }
}
