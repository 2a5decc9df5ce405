import { Worker } from "node:worker_threads";
import type pg from "pg";
import { beginPack, failPack, finishPack, type PackJob, runningPacks } from "#lib/domain/evidence/work.ts";
import type { ExportAnswer, ExportOrder } from "#lib/jobs/export-thread.ts";
import { isFree, underLock } from "#lib/jobs/lock.ts";
import { logger } from "#lib/platform/logger.ts";

/** What an export needs of its worker. */
export type ExportBounds = { pool: pg.Pool; dataDir: string; logOrigin: string; stopping: AbortSignal };

/** Memory of one export, megabytes; a pack that needs more fails, and nothing else with it. */
const memoryMax = 4_096;
const interrupted = "Ambit was stopped while it built this pack. Export it again.";

/**
 * Builds one pack, in a thread of its own: the worker goes on sequencing meanwhile. Taken once; whatever happens, the pack ends as ready
 * or failed with a sentence.
 */
export async function exportOnce(packId: string, bounds: ExportBounds): Promise<void> {
  await underLock(bounds.pool, lockName(packId), async () => {
    const job = await beginPack(packId);
    if (job === null) return;
    try {
      const answer = await inThread(job, bounds);
      if ("built" in answer) await finishPack(packId, answer.built);
      else await failPack(packId, answer.failed.code, answer.failed.message);
    } catch (error) {
      if (bounds.stopping.aborted) return failPack(packId, "interrupted", interrupted);
      logger().error({ err: error, packId }, "export failed");
      await failPack(
        packId,
        "internal",
        "The export failed on our side. Try a shorter period, or tell an administrator.",
      );
    }
  });
}

/** Ends packs whose worker is gone. */
export async function failAbandonedPacks(pool: pg.Pool): Promise<void> {
  for (const packId of await runningPacks()) {
    if (await isFree(pool, lockName(packId))) await failPack(packId, "interrupted", interrupted);
  }
}

async function inThread(job: PackJob, { dataDir, logOrigin, stopping }: ExportBounds): Promise<ExportAnswer> {
  const workerData: ExportOrder = { job, dataDir, logOrigin };
  const thread = new Worker(new URL("./export-thread.ts", import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMax },
  });
  const stop = () => void thread.terminate();
  stopping.addEventListener("abort", stop, { once: true });
  try {
    stopping.throwIfAborted();
    return await new Promise<ExportAnswer>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
      thread.once("exit", (code) => reject(new Error(`the export's thread ended (${code})`)));
    });
  } finally {
    stopping.removeEventListener("abort", stop);
    await thread.terminate();
  }
}

function lockName(packId: string): string {
  return `export ${packId}`;
}
