import type { KeyObject } from "node:crypto";
import type pg from "pg";
import type { StoredResult } from "#lib/domain/probes/rows.ts";
import { beginProbe, finishProbe, type ProbeJob, runningProbes } from "#lib/domain/probes/run.ts";
import { isFree, underLock } from "#lib/jobs/lock.ts";
import { probePackageTarget } from "#lib/jobs/probe-package.ts";
import { type Network, probeServer } from "#lib/jobs/probe-server.ts";
import { logger } from "#lib/platform/logger.ts";

/** What inspections need of their worker. `stopping` fires when the worker has to end. */
export type ProbeBounds = {
  pool: pg.Pool;
  dataDir: string;
  key: KeyObject;
  stopping: AbortSignal;
  network?: Network;
};

const totalMs = { url: 45_000, package: 240_000 } as const;
const interrupted = {
  outcome: "failed",
  code: "interrupted",
  message: "Ambit was stopped during the inspection. Start it again.",
} as const satisfies StoredResult;

/**
 * Carries out one inspection. It is taken once: whatever happens, it is finished with a result, and a repeated job finds nothing to do.
 */
export async function probeOnce(probeId: string, bounds: ProbeBounds): Promise<void> {
  await underLock(bounds.pool, lockName(probeId), async () => {
    const job = await beginProbe(probeId);
    if (job !== null) await finishProbe(probeId, await look(job, bounds));
  });
}

/** Finishes inspections whose worker is gone: taken, and nobody holds their lock. */
export async function finishAbandonedProbes(pool: pg.Pool): Promise<void> {
  for (const probeId of await runningProbes()) {
    if (await isFree(pool, lockName(probeId))) await finishProbe(probeId, interrupted);
  }
}

async function look(job: ProbeJob, { dataDir, key, stopping, network = {} }: ProbeBounds): Promise<StoredResult> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(totalMs[job.target.kind])]);
  try {
    const { target } = job;
    const result =
      target.kind === "url"
        ? await probeServer(job, target.url, key, signal, network)
        : await probePackageTarget(job, target, dataDir, signal);
    return result.outcome === "failed" && stopping.aborted ? interrupted : result;
  } catch (error) {
    if (stopping.aborted) return interrupted;
    logger().error({ err: error, probeId: job.id }, "inspection failed");
    return { outcome: "failed", code: "internal", message: "The inspection failed on our side. Start it again." };
  }
}

function lockName(probeId: string): string {
  return `probe ${probeId}`;
}
