import type pg from "pg";

/** What the worker needs to know of its deployment. */
export type Instance = { logOrigin: string; mode: "demo" | "production" };

/**
 * Reads the deployment's row.
 * @throws Error with one sentence when the database does not answer or was not prepared
 */
export async function readInstance(pool: pg.Pool): Promise<Instance> {
  const answer = await pool
    .query<Instance>('select log_origin as "logOrigin", mode from instance where id = 1')
    .catch((cause: unknown) => {
      const reason = cause instanceof Error && cause.message !== "" ? cause.message : "no connection";
      throw new Error(`The database does not answer (${reason}); start it, or correct AMBIT_APP_DATABASE_URL.`, {
        cause,
      });
    });
  const [instance] = answer.rows;
  if (instance === undefined) throw new Error("The database is not prepared yet; npm start does that first.");
  return instance;
}
