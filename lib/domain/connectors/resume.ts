import { DomainError } from "#lib/contract/errors.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { lockConnector } from "#lib/domain/connectors/load.ts";
import type { ConnectorRow } from "#lib/domain/connectors/rows.ts";
import { implementTwo } from "#lib/domain/implement.ts";

/** Undoing a stop takes two. */
export const resumeConnector = implementTwo("connectors.resume", {
  load: lockConnector,
  async propose(_context, connector) {
    resumed(connector);
    return { subjectId: connector.id, summary: `Let calls to ${connector.slug} through again`, beneficiaries: [] };
  },
  async applyChange({ tx }, connector, { reason }, change) {
    const status = resumed(connector);
    await tx.connector.update({
      where: { id: connector.id },
      data: { status, reason, changeId: change.id, rowVersion: { increment: 1 } },
    });
    return [
      {
        type: "connector.resumed",
        subjects: [connector.id],
        connectorId: connector.id,
        data: { change: change.id },
      },
    ];
  },
});

function resumed(connector: ConnectorRow) {
  const status = next(connectorTable, connector.status, "resume");
  if (status === null) throw new DomainError("invalid_transition", `It is ${connector.status}.`);
  return status;
}
