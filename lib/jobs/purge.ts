import type pg from "pg";

/** Removes working rows that have served: answers kept for repeated calls (24 hours), sessions that ran out, and inspections (30 days) that nothing rests on. */
export async function purge(pool: pg.Pool): Promise<void> {
  await pool.query("delete from idempotency_key where created_at < now() - interval '24 hours'");
  await pool.query("delete from user_session where expires_at < now()");
  await pool.query(
    `delete from probe p where p.created_at < now() - interval '30 days' and p.state = 'done'
       and not exists (select 1 from package_release r where r.probe_id = p.id)
       and not exists (select 1 from request r where r.state in ('draft', 'changes_requested') and r.form ->> 'probeId' = p.id)`,
  );
}
