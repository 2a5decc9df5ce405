import { prisma } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";

/** An open transaction: every model and raw query, no further transaction. */
export type Tx = Prisma.TransactionClient;

/** SQL with its values as parameters: sql`select … where id = ${id}`. Composable. */
export const sql = Prisma.sql;

const transactionMs = 5_000;
const waitForConnectionMs = 5_000;

/**
 * Runs `work` in one READ COMMITTED transaction of at most 5 s: commits with its result, rolls back when it throws.
 * @param client whose connections; the application's unless said
 */
export function withTransaction<Result>(work: (tx: Tx) => Promise<Result>, client = prisma()): Promise<Result> {
  return client.$transaction(work, {
    isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted,
    timeout: transactionMs,
    maxWait: waitForConnectionMs,
  });
}

/** Rows of a raw query. `Row` is the caller's claim about the selected columns; nothing checks it. */
export function queryRows<Row>(tx: Pick<Tx, "$queryRaw">, query: Prisma.Sql): Promise<Row[]> {
  return tx.$queryRaw<Row[]>(query);
}
