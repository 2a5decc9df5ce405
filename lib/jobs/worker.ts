import { Logger, run, type TaskList } from "graphile-worker";
import type pg from "pg";
import { appUrl, createPool } from "#lib/db/pool.ts";
import { failAbandonedPacks } from "#lib/jobs/export.ts";
import { readInstance } from "#lib/jobs/instance.ts";
import { readKeys } from "#lib/jobs/keys.ts";
import { finishAbandonedProbes } from "#lib/jobs/probe.ts";
import { startSequencer } from "#lib/jobs/sequencer.ts";
import { crontab, tasksOf } from "#lib/jobs/tasks.ts";
import { env } from "#lib/platform/env.ts";
import { logger } from "#lib/platform/logger.ts";

const concurrency = 4;
const sweepMs = 30_000;

/**
 * The worker: inspections, the log's sequencer, due dates, mail and exports. SIGTERM ends it after the jobs under way (inspections end
 * early, as interrupted).
 */
async function main(): Promise<void> {
  const settings = env();
  const pool = createPool(appUrl(settings), { max: 2 * concurrency + 4, applicationName: "ambit-worker" });
  try {
    const instance = await readInstance(pool);
    const keys = await readKeys(settings.AMBIT_DATA_DIR, instance.logOrigin);
    const stopping = new AbortController();
    const { AMBIT_DATA_DIR: dataDir, SMTP_URL: smtpUrl, SMTP_FROM: from, AMBIT_URL: ambitUrl } = settings;
    const mail = smtpUrl === undefined ? null : { smtpUrl, from, ambitUrl };
    const taskList = tasksOf({ pool, dataDir, keys, mail, stopping: stopping.signal });
    const ended = once(["SIGTERM", "SIGINT"]);
    const runner = await startRunner(pool, taskList);
    const sequencer = startSequencer(keys.signer);
    const sweep = setInterval(() => void sweepOnce(pool), sweepMs);
    await sweepOnce(pool);
    logger().info("worker started");
    await Promise.race([ended, runner.promise]);
    clearInterval(sweep);
    stopping.abort();
    await runner.stop().catch(() => undefined);
    await sequencer.stop();
  } finally {
    await pool.end();
  }
}

function startRunner(pool: pg.Pool, taskList: TaskList) {
  const quiet = new Logger(() => (level, message, meta) => {
    if (level === "error" || level === "warning") logger().warn({ job: meta?.job }, message);
    else logger().debug(message);
  });
  return run({
    pgPool: pool,
    taskList,
    crontab,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: quiet,
  });
}

/** What a worker that died had begun is ended here. */
async function sweepOnce(pool: pg.Pool): Promise<void> {
  try {
    await finishAbandonedProbes(pool);
    await failAbandonedPacks(pool);
  } catch (error) {
    logger().warn({ err: error }, "abandoned jobs could not be ended");
  }
}

function once(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
