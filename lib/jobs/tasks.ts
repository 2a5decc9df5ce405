import type { TaskList } from "graphile-worker";
import type pg from "pg";
import { advanceDue } from "#lib/jobs/due.ts";
import { exportOnce } from "#lib/jobs/export.ts";
import type { WorkerKeys } from "#lib/jobs/keys.ts";
import { type MailSettings, mailNotifications } from "#lib/jobs/mail.ts";
import { probeOnce } from "#lib/jobs/probe.ts";
import { purge } from "#lib/jobs/purge.ts";

/** What the worker's tasks share. `mail` is null where no SMTP server is configured. */
export type TaskBounds = {
  pool: pg.Pool;
  dataDir: string;
  keys: WorkerKeys;
  mail: MailSettings | null;
  stopping: AbortSignal;
};

/** What runs by the clock (UTC). One of each waits at most, and one of each runs at a time. */
export const crontab = `
* * * * * due ?jobKey=due&queue=due&max=1
* * * * * mail ?jobKey=mail&queue=mail&max=1
17 3 * * * purge ?jobKey=purge&max=3
`;

/** Every kind of job, by the name under which it is queued. */
export function tasksOf({ pool, dataDir, keys, mail, stopping }: TaskBounds): TaskList {
  return {
    due: advanceDue,
    export: (payload) => exportOnce(idOf(payload, "packId"), { pool, dataDir, logOrigin: keys.signer.name, stopping }),
    mail: () => (mail === null ? undefined : mailNotifications(pool, mail)),
    probe: (payload) => probeOnce(idOf(payload, "probeId"), { pool, dataDir, key: keys.credentials, stopping }),
    purge: () => purge(pool),
  };
}

function idOf(payload: unknown, name: string): string {
  const id = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : undefined;
  if (typeof id !== "string") throw new Error(`a job without ${name}`);
  return id;
}
