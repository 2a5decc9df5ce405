import { DomainError } from "#lib/contract/errors.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { lockConnector } from "#lib/domain/connectors/load.ts";
import { connectorById } from "#lib/domain/connectors/rows.ts";
import { implement, type NewEvent } from "#lib/domain/implement.ts";

/** Only an approved connector; PostgreSQL counts the reviews itself and refuses otherwise. Grants that waited for it begin. */
export const enableConnector = implement("connectors.enable", {
  load: lockConnector,
  async run({ tx }, connector) {
    const status = next(connectorTable, connector.status, "enable");
    if (status === null) {
      if (connector.status !== "requested") throw new DomainError("invalid_transition", `It is ${connector.status}.`);
      throw new DomainError("not_approved", "Its request has to be approved first.");
    }
    await tx.connector.update({
      where: { id: connector.id },
      data: { status, reason: null, rowVersion: { increment: 1 } },
    });
    const started = await queryRows<{ id: string; principal_id: string; principal_kind: string }>(
      tx,
      sql`update scope_grant g set status = 'active', row_version = row_version + 1
          where g.connector_id = ${connector.id} and g.status = 'pending' and g.version_id = ${connector.approved_version_id}
            and g.starts_at <= now() and g.expires_at > now() returning id, principal_id, principal_kind`,
    );
    const activated = started.map(
      (grant): NewEvent => ({
        type: "grant.activated",
        subjects: [grant.id],
        grantId: grant.id,
        connectorId: connector.id,
        ...(grant.principal_kind === "agent" ? { agentId: grant.principal_id } : {}),
      }),
    );
    const version = connector.approved_version_id ?? "";
    return {
      result: await connectorById(tx, connector.id),
      events: [
        { type: "connector.enabled", subjects: [connector.id], connectorId: connector.id, data: { version } },
        ...activated,
      ],
    };
  },
});
