import { prisma } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/tx.ts";

const patienceMs = 2_000;
/** An event that waits longer for its place in the log says that nobody sequences. */
const sequencedWithinSeconds = 60;

/** How the instance is. `degraded`: everything works, but evidence of what happens is delayed. */
export type Health = { status: "ok" } | { status: "degraded" | "unavailable"; reason: string };

/** Asks the database, for two seconds at most. */
export async function readHealth(): Promise<Health> {
  const unavailable: Health = { status: "unavailable", reason: "The database does not answer" };
  const answered = logDelaySeconds().then(
    (delay): Health =>
      delay <= sequencedWithinSeconds
        ? { status: "ok" }
        : {
            status: "degraded",
            reason: `An event waits for its place in the log since ${Math.round(delay)} s; is the worker running?`,
          },
    () => unavailable,
  );
  const late = new Promise<Health>((resolve) => setTimeout(resolve, patienceMs, unavailable).unref());
  return Promise.race([answered, late]);
}

/** Age of the oldest event without a place in the log, seconds; 0 where there is none. */
async function logDelaySeconds(): Promise<number> {
  const [row] = await queryRows<{ delay: number }>(
    prisma(),
    sql`select coalesce(extract(epoch from now() - (select e.time from audit_event e
          where e.seq > coalesce((select max(event_seq) from log_entry), 0) order by e.seq limit 1)), 0)::float8 as delay`,
  );
  return row?.delay ?? 0;
}
