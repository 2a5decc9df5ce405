import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type EmbeddedPostgres, startPostgres } from "#lib/instance/postgres.ts";
import type { Env } from "#lib/platform/env.ts";

const restartMsMax = 10_000;

/** The database of an instance while it runs. */
export interface Database {
  ownerUrl: string;
  isEmbedded: boolean;
  /** Ends the embedded server; nothing for a server of the operator's. */
  stop(): Promise<void>;
}

/**
 * The server that DATABASE_URL names, or the embedded one in `<dataDir>/postgres`, which is started again whenever it ends.
 * @param say told in one sentence when the embedded server ended and when it is back
 * @throws Error with one sentence when it does not answer or another supervisor holds it
 */
export async function openDatabase(settings: Env, say: (sentence: string) => void): Promise<Database> {
  const { DATABASE_URL } = settings;
  if (DATABASE_URL !== undefined) {
    await checkAnswers(DATABASE_URL);
    return { ownerUrl: DATABASE_URL, isEmbedded: false, stop: () => Promise.resolve() };
  }
  const dir = join(settings.AMBIT_DATA_DIR, "postgres");
  let server = await startPostgres({ dir });
  let holder = await hold(server.ownerUrl);
  let stopping = false;
  const keeping = keepRunning();
  return {
    ownerUrl: server.ownerUrl,
    isEmbedded: true,
    async stop() {
      stopping = true;
      await holder.end().catch(() => undefined);
      await server.stop();
      await keeping;
    },
  };

  async function keepRunning(): Promise<void> {
    while (true) {
      const sentence = await server.ended;
      if (stopping) return;
      say(`${sentence} Starting it again.`);
      server = await restart();
      holder = await hold(server.ownerUrl);
      say("PostgreSQL is back.");
    }
  }

  async function restart(): Promise<EmbeddedPostgres> {
    for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, restartMsMax)) {
      try {
        return await startPostgres({ dir });
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
        await sleep(waitMs);
      }
    }
  }
}

/** A connection that shows other supervisors of the same data directory that this one lives. */
async function hold(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "ambit-supervisor", keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function checkAnswers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    const { host, pathname } = new URL(url);
    const reason =
      error instanceof Error && error.message !== "" ? error.message : String((error as { code?: unknown }).code);
    throw new Error(`The database ${host}${pathname} of DATABASE_URL does not answer (${reason}).`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}
