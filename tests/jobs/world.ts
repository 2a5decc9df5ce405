import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Caller } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";
import { createPool } from "#lib/db/pool.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { readKeys } from "#lib/jobs/keys.ts";
import { newId } from "#lib/platform/id.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";

export const logOrigin = "log.test/ambit";

/** A database with one instance row, a data directory with its keys, and a worker's pool, for one test file. */
export async function openWorkerWorld(
  mode: "demo" | "production" = "production",
  settings: Record<string, string> = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), "ambit-worker-"));
  const database = await openTestDatabase({ ...settings, AMBIT_DATA_DIR: dataDir });
  await ensureKeys(dataDir, logOrigin);
  const keys = await readKeys(dataDir, logOrigin);
  const pool = createPool(database.appUrl, { max: 8, applicationName: "ambit-worker-test" });
  afterAll(async () => {
    await pool.end();
    execFileSync("chmod", ["-R", "u+w", dataDir]);
    rmSync(dataDir, { recursive: true, force: true });
  });
  await quietly(`insert into instance (mode, log_origin) values ('${mode}', '${logOrigin}')`);

  /** Statements of the owner with the triggers of the named tables off. */
  async function quietly(sql: string): Promise<void> {
    const tables = [...sql.matchAll(/\b(?:insert into|update) (\w+)/g)].map(([, table]) => table);
    const toggle = (how: string) => tables.map((table) => `alter table ${table} ${how} trigger user;`).join("");
    await execute(database.ownerUrl, `begin; ${toggle("disable")} ${sql}; ${toggle("enable")} commit`);
  }

  async function person(roles: readonly Role[] = [], id = newId("usr")): Promise<Caller> {
    await quietly(
      `insert into app_user (id, issuer, subject, name, email) values ('${id}', 'test', '${id}', 'Person ${id.slice(-4)}', '${id}@example.test')`,
    );
    for (const role of roles) {
      await quietly(
        `insert into role_assignment (id, user_id, role, source) values ('${newId("rol")}', '${id}', '${role}', 'demo')`,
      );
    }
    return { kind: "user", id, roles, via: "session", interactiveSignInAgeSeconds: 5 };
  }

  return {
    database,
    dataDir,
    keys,
    pool,
    quietly,
    person,
    rows: (sql: string, values?: unknown[]) => execute(database.ownerUrl, sql, values),
    bounds: { pool, dataDir, key: keys.credentials, stopping: new AbortController().signal },
    allow: (port: number) =>
      quietly(
        `insert into egress_allow (id, host, port, reason, source, expires_at) values ('${newId("egr")}', '127.0.0.1', ${port}, 'test', 'demo', now() + interval '1 day')`,
      ),
  };
}
