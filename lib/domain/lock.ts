import { Prisma } from "#lib/db/generated/client.ts";
import type { Tx } from "#lib/db/tx.ts";

/** Tables whose rows a mutation decides on. */
export type Lockable =
  | "app_user"
  | "team"
  | "agent"
  | "connector"
  | "request"
  | "scope_grant"
  | "tool"
  | "probe"
  | "access_token"
  | "egress_allow";

/**
 * Locks one row until the transaction ends, so that two people who decide at once are seen one after the other
 * (READ COMMITTED alone let two approvals of a quorum of two miss each other). A row that is not there locks nothing.
 */
export async function lockRow(tx: Tx, table: Lockable, id: string): Promise<void> {
  await tx.$executeRaw`select 1 from ${Prisma.raw(`"${table}"`)} where id = ${id} for update`;
}

/** Holds off others who decide on the same insert-only thing, which the application's role may not lock as a row. */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}
