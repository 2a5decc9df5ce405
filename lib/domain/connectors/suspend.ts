import { DomainError } from "#lib/contract/errors.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { dropProposals } from "#lib/domain/changes/expire.ts";
import { lockConnector } from "#lib/domain/connectors/load.ts";
import { connectorById } from "#lib/domain/connectors/rows.ts";
import { implement } from "#lib/domain/implement.ts";

/** Stopping always works: one person, at once (invariant 16). */
export const suspendConnector = implement("connectors.suspend", {
  load: lockConnector,
  async run(context, connector, { reason }) {
    const { tx } = context;
    const status = next(connectorTable, connector.status, "suspend");
    if (status === null) throw new DomainError("invalid_transition", `It is ${connector.status}.`);
    await tx.connector.update({
      where: { id: connector.id },
      data: { status, reason, rowVersion: { increment: 1 } },
    });
    return {
      result: await connectorById(tx, connector.id),
      events: [
        { type: "connector.suspended", subjects: [connector.id], connectorId: connector.id },
        ...(await dropProposals(context, "connectors.resume", connector.id)),
      ],
    };
  },
});
