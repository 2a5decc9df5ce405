import type { Tx } from "#lib/db/tx.ts";
import type { NewEvent } from "#lib/domain/implement.ts";

/** Destroys sealed credentials: the secret is gone, the row stays as the record that there was one. */
export async function destroyCredentials(
  tx: Tx,
  now: Date,
  which: { id: string } | { connectorId: string },
): Promise<NewEvent[]> {
  const rows = await tx.sealedCredential.findMany({
    where: { ...which, destroyedAt: null },
    select: { id: true, connectorId: true },
  });
  if (rows.length === 0) return [];
  await tx.sealedCredential.updateMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    data: { sealed: null, destroyedAt: now },
  });
  return rows.map(({ id, connectorId }) => ({
    type: "credential.destroyed",
    subjects: [id],
    ...(connectorId === null ? {} : { connectorId }),
  }));
}
