import type { Tx } from "#lib/db/tx.ts";

/** Hands an inspection to the worker with the commit of this transaction. A lost database is tried once more; nothing else is repeated. */
export async function queueProbe(tx: Tx, probeId: string): Promise<void> {
  await tx.$executeRaw`select graphile_worker.add_job('probe', json_build_object('probeId', ${probeId}::text), max_attempts => 2)`;
}
