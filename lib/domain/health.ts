import { prisma } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/tx.ts";

const patienceMs = 2_000;

/** Whether the database answers a query within two seconds. */
export async function databaseAnswers(): Promise<boolean> {
  const query = queryRows(prisma(), sql`select 1`).then(
    () => true,
    () => false,
  );
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, patienceMs, false).unref());
  return Promise.race([query, late]);
}
