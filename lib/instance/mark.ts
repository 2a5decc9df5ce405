import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { isLoopback } from "#lib/instance/preflight.ts";
import type { Env } from "#lib/platform/env.ts";

/** What an instance is, decided at its first start for good; the same in `<dataDir>/instance.json` and table `instance`. */
export interface InstanceMark {
  mode: "demo" | "production";
  /** The name of its log: no spaces, no plus sign. */
  logOrigin: string;
}

/**
 * Reads the mark, or makes it: demo when AMBIT_DEMO=1, or when it has neither a database nor an identity provider of its own and
 * listens on loopback only (AMBIT_DEMO=0 says production).
 * @throws Error with one sentence when data directory and database belong to different instances, or a demo is not on loopback
 */
export async function markInstance(settings: Env, ownerUrl: string): Promise<InstanceMark> {
  const file = join(settings.AMBIT_DATA_DIR, "instance.json");
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as InstanceMark) : undefined;
  const mark = await inDatabase(ownerUrl, kept ?? newMark(settings));
  if (kept !== undefined && (kept.mode !== mark.mode || kept.logOrigin !== mark.logOrigin)) {
    throw new Error(
      `The database and the data directory ${settings.AMBIT_DATA_DIR} belong to different instances of Ambit.`,
    );
  }
  if (mark.mode === "demo" && !isLoopback(settings.AMBIT_HOST)) {
    throw new Error(
      "A demo instance listens on loopback only; set AMBIT_HOST to 127.0.0.1, or start a new data directory with AMBIT_DEMO=0.",
    );
  }
  if (kept === undefined) await writeFile(file, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
  return mark;
}

function newMark({ AMBIT_DEMO, DATABASE_URL, OIDC_ISSUER, AMBIT_HOST, AMBIT_LOG_ORIGIN }: Env): InstanceMark {
  const isBare = DATABASE_URL === undefined && OIDC_ISSUER === undefined && isLoopback(AMBIT_HOST);
  const isDemo = AMBIT_DEMO === undefined ? isBare : AMBIT_DEMO === "1";
  return {
    mode: isDemo ? "demo" : "production",
    logOrigin: AMBIT_LOG_ORIGIN ?? `ambit/${randomBytes(8).toString("hex")}`,
  };
}

async function inDatabase(ownerUrl: string, mark: InstanceMark): Promise<InstanceMark> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const insert = "insert into instance (id, mode, log_origin) values (1, $1, $2) on conflict (id) do nothing";
    await client.query(insert, [mark.mode, mark.logOrigin]);
    const { rows } = await client.query<InstanceMark>('select mode, log_origin as "logOrigin" from instance');
    return rows[0] ?? mark;
  } finally {
    await client.end();
  }
}
