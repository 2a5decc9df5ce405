import { DomainError } from "#lib/contract/errors.ts";
import { grantTable } from "#lib/core/lifecycle/grant.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { findGrant, grantFacts, toGrant } from "#lib/domain/grants/rows.ts";
import { implement } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";

/** Stopping always works: one person, at once (invariant 16). */
export const revokeGrant = implement("grants.revoke", {
  async load({ tx }, { grantId }) {
    await lockRow(tx, "scope_grant", grantId);
    const grant = await findGrant(tx, grantId);
    return grant === null ? null : { resource: grant, facts: grantFacts(grant) };
  },
  async run({ tx, caller, now }, grant, { reason }) {
    const status = next(grantTable, grant.status, "revoke");
    if (status === null) throw new DomainError("invalid_transition", `It is ${grant.status} already.`);
    await tx.grant.update({
      where: { id: grant.id },
      data: { status, reason, endedAt: now, endedBy: caller.id, rowVersion: { increment: 1 } },
    });
    return {
      result: toGrant({ ...grant, status, reason, ended_at: now }, caller),
      events: [
        {
          type: "grant.revoked",
          subjects: [grant.id],
          grantId: grant.id,
          connectorId: grant.connector_id,
          ...(grant.principal_kind === "agent" ? { agentId: grant.principal_id } : {}),
        },
      ],
    };
  },
});
