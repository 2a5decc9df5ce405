import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { startPostgres } from "#lib/instance/postgres.ts";
import { processEnvironment } from "#lib/platform/env.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Owner's connection to the migrated database that tests copy. Nobody may stay connected to it. */
    templateUrl: string;
  }
}

/** One PostgreSQL and one migrated template for a whole run: TEST_DATABASE_URL (a role that may create databases and roles), or an embedded one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = processEnvironment().TEST_DATABASE_URL;
  const server = given === undefined ? await startTemporary() : { url: given, stop: () => Promise.resolve() };
  try {
    const template = await createTemplate(server.url);
    project.provide("templateUrl", template.url);
    return async () => {
      await template.drop();
      await server.stop();
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startTemporary() {
  const dir = await mkdtemp(join(tmpdir(), "ambit-test-"));
  await chmod(dir, 0o755);
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" };
  const server = await startPostgres({ dir: join(dir, "postgres"), settings });
  const { pid } = server;
  const abandon = () => {
    if (pid !== undefined) process.kill(pid, "SIGQUIT");
  };
  const endRun = () => process.exit(143);
  // A run that is cut short leaves no server behind.
  process.once("exit", abandon);
  process.once("SIGTERM", endRun);
  return {
    url: server.ownerUrl,
    async stop() {
      process.off("exit", abandon);
      process.off("SIGTERM", endRun);
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function createTemplate(serverUrl: string) {
  const name = `ambit_template_${randomBytes(4).toString("hex")}`;
  await execute(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = () => execute(serverUrl, `drop database ${name} with (force)`);
  try {
    await prepareDatabase(url.href);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url: url.href, drop };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
