import { DomainError } from "#lib/contract/errors.ts";
import type { Tx } from "#lib/db/tx.ts";
import { lockConnector } from "#lib/domain/connectors/load.ts";
import { reviseOrphans } from "#lib/domain/findings.ts";
import { implementTwo } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** Hands a connector over. The second person's confirmation is what makes the new owner count. */
export const setConnectorOwner = implementTwo("connectors.set-owner", {
  load: lockConnector,
  async propose({ tx }, connector, { ownerKind, ownerId, role }) {
    if (connector.status === "retired") throw new DomainError("invalid_transition", "It is retired.");
    const { name, people } = await findOwner(tx, ownerKind, ownerId);
    return {
      subjectId: connector.id,
      summary: `Make ${name} the ${role} owner of ${connector.slug}`,
      beneficiaries: people,
    };
  },
  async applyChange({ tx, now }, connector, { ownerKind, ownerId, role }, change) {
    await findOwner(tx, ownerKind, ownerId);
    await tx.ownership.updateMany({
      where: { subjectId: connector.id, role, endedAt: null },
      data: { endedAt: now },
    });
    await tx.ownership.create({
      data: {
        id: newId("own"),
        subjectKind: "connector",
        subjectId: connector.id,
        ownerKind,
        ownerId,
        role,
        namedBy: change.proposedBy,
        confirmedBy: change.decidedBy,
        confirmedAt: now,
        changeId: change.id,
      },
    });
    return [
      {
        type: "ownership.transferred",
        subjects: [connector.id],
        connectorId: connector.id,
        data: { role, owner: ownerId, change: change.id },
      },
      ...(await reviseOrphans(tx)),
    ];
  },
});

async function findOwner(tx: Tx, kind: "user" | "team", id: string): Promise<{ name: string; people: string[] }> {
  if (kind === "user") {
    const person = await tx.user.findFirst({ where: { id, status: "active" } });
    if (person === null) throw new DomainError("invalid_input", "Choose an active person.");
    return { name: person.name, people: [person.id] };
  }
  const team = await tx.team.findUnique({ where: { id } });
  const members = await tx.teamMember.findMany({ where: { teamId: id, memberKind: "user", removedAt: null } });
  if (team === null || members.length === 0) throw new DomainError("invalid_input", "Choose a team that has members.");
  return { name: team.name, people: members.map(({ memberId }) => memberId) };
}
