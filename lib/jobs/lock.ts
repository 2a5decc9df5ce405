import type pg from "pg";

/**
 * Does work under an advisory lock of one connection of its own. PostgreSQL gives it up when this process is gone, so a lock that is free
 * tells that nobody is at it any more.
 */
export async function underLock<Result>(pool: pg.Pool, name: string, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [name]);
    return await work();
  } finally {
    const released = await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [name]).catch(() => null);
    client.release(released === null);
  }
}

/** Whether nobody holds this lock now. */
export async function isFree(pool: pg.Pool, name: string): Promise<boolean> {
  const { rows } = await pool.query<{ free: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free",
    [name],
  );
  return rows[0]?.free === true;
}
