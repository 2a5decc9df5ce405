import { DomainError } from "#lib/contract/errors.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { destroyCredentials } from "#lib/domain/connectors/credentials.ts";
import { lockConnector } from "#lib/domain/connectors/load.ts";
import { connectorById } from "#lib/domain/connectors/rows.ts";
import { reviseOrphans } from "#lib/domain/findings.ts";
import { implement, type NewEvent } from "#lib/domain/implement.ts";

/** For good: its grants end with it, and its credentials are destroyed. */
export const retireConnector = implement("connectors.retire", {
  load: lockConnector,
  async run({ tx, caller, now }, connector, { reason }) {
    const status = next(connectorTable, connector.status, "retire");
    if (status === null) throw new DomainError("invalid_transition", "It is retired already.");
    const open = await tx.request.count({
      where: {
        connectorId: connector.id,
        kind: "connector",
        state: { in: ["submitted", "in_review", "changes_requested"] },
      },
    });
    if (open > 0)
      throw new DomainError("invalid_transition", "Its request is still open. Deny or withdraw that instead.");
    await tx.connector.update({
      where: { id: connector.id },
      data: { status, reason, rowVersion: { increment: 1 } },
    });
    const ended = await queryRows<{ id: string; principal_id: string; principal_kind: string }>(
      tx,
      sql`update scope_grant set status = 'revoked', reason = 'The connector was retired', ended_at = ${now}, ended_by = ${caller.id},
            row_version = row_version + 1
          where connector_id = ${connector.id} and status in ('pending', 'active') returning id, principal_id, principal_kind`,
    );
    const revoked = ended.map(
      (grant): NewEvent => ({
        type: "grant.revoked",
        subjects: [grant.id],
        grantId: grant.id,
        connectorId: connector.id,
        ...(grant.principal_kind === "agent" ? { agentId: grant.principal_id } : {}),
      }),
    );
    const destroyed = await destroyCredentials(tx, now, { connectorId: connector.id });
    return {
      result: await connectorById(tx, connector.id),
      events: [
        { type: "connector.retired", subjects: [connector.id], connectorId: connector.id },
        ...revoked,
        ...destroyed,
        ...(await reviseOrphans(tx)),
      ],
    };
  },
});
