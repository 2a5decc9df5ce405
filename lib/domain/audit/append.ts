import { leafBytes } from "#lib/core/log/event.ts";
import type { LoggedPrincipal } from "#lib/core/log/leaf.ts";
import type { Tx } from "#lib/db/tx.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/**
 * Appends events to the log inside the caller's transaction, in order. If it fails, the change fails with it.
 * @param now the database's clock of this transaction
 */
export async function append(
  tx: Tx,
  principal: LoggedPrincipal,
  now: Date,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.auditEvent.createMany({
    data: events.map(({ type, subjects, data = {}, connectorId, agentId, grantId }) => {
      const id = newId("evt");
      const leaf = leafBytes({ v: 1, id, type, time: now.toISOString(), principal, subjects, data });
      return {
        id,
        type,
        time: now,
        principalKind: principal.kind,
        principalId: principal.id,
        subjects: [...new Set(subjects)].sort(),
        leaf: Buffer.from(leaf),
        ...(connectorId === undefined ? {} : { connectorId }),
        ...(agentId === undefined ? {} : { agentId }),
        ...(grantId === undefined ? {} : { grantId }),
      };
    }),
  });
}
