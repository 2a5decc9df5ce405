import type { TaskList } from "graphile-worker";
import type pg from "pg";
import { exportOnce } from "#lib/jobs/export.ts";
import type { WorkerKeys } from "#lib/jobs/keys.ts";
import { probeOnce } from "#lib/jobs/probe.ts";

/** What the worker's tasks share. */
export type TaskBounds = { pool: pg.Pool; dataDir: string; keys: WorkerKeys; stopping: AbortSignal };

export const crontab = "";

/** Every kind of job, by the name under which it is queued. */
export function tasksOf({ pool, dataDir, keys, stopping }: TaskBounds): TaskList {
  return {
    export: (payload) => exportOnce(idOf(payload, "packId"), { pool, dataDir, signer: keys.signer, stopping }),
    probe: (payload) => probeOnce(idOf(payload, "probeId"), { pool, dataDir, key: keys.credentials, stopping }),
  };
}

function idOf(payload: unknown, name: string): string {
  const id = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : undefined;
  if (typeof id !== "string") throw new Error(`a job without ${name}`);
  return id;
}
