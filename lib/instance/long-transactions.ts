import pg from "pg";

const everyMs = 15_000;

/**
 * Ends connections of the login roles whose transaction is older than 60 s, for as long as the instance runs: a role may turn off its own
 * timeouts and keep the rows that it wrote locked, so that nobody could suspend or revoke anything that needs them.
 */
export function endLongTransactions(ownerUrl: string): { stop(): void } {
  const timer = setInterval(() => {
    // A lost database is looked at again next time.
    endThem(ownerUrl).catch(() => undefined);
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

/** Looks once. @returns how many connections were ended */
export async function endThem(ownerUrl: string, olderThanSeconds = 60): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
         and usename in ('ambit_app', 'ambit_gateway', 'ambit_log') and xact_start < clock_timestamp() - make_interval(secs => $1)`,
      [olderThanSeconds],
    );
    return rowCount ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}
