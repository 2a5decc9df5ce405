import { DomainError } from "#lib/contract/errors.ts";
import { agentById } from "#lib/domain/agents/rows.ts";
import { implement } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** Whoever registers an agent answers for it, alone or with a team of theirs. Without a key it can do nothing yet. */
export const registerAgent = implement("agents.register", {
  async load({ tx, caller }, { ownerKind, ownerId }) {
    if (ownerKind === "team") {
      if (ownerId === undefined) throw new DomainError("invalid_input", "Name the team that owns it.");
      const member = await tx.teamMember.findFirst({
        where: { teamId: ownerId, memberId: caller.id, removedAt: null },
      });
      if (member === null) throw new DomainError("invalid_input", "You can name only a team that you are in.");
      return { resource: { kind: "team", id: ownerId }, facts: {} };
    }
    if (ownerId !== undefined && ownerId !== caller.id) {
      throw new DomainError(
        "invalid_input",
        "An agent starts with you or a team of yours as owner; hand it over later.",
      );
    }
    return { resource: { kind: "user", id: caller.id }, facts: {} };
  },
  async run({ tx, caller }, owner, { slug, name, purpose, environment, labels }) {
    if ((await tx.agent.findUnique({ where: { slug } })) !== null) {
      throw new DomainError("already_exists", `There is an agent named ${slug}. Choose another short name.`);
    }
    const id = newId("agt");
    await tx.agent.create({ data: { id, slug, name, purpose, environment, labels, createdBy: caller.id } });
    await tx.ownership.create({
      data: {
        id: newId("own"),
        subjectKind: "agent",
        subjectId: id,
        ownerKind: owner.kind,
        ownerId: owner.id,
        role: "accountable",
        namedBy: caller.id,
      },
    });
    return {
      result: await agentById(tx, id),
      events: [{ type: "agent.registered", subjects: [id], agentId: id, data: { slug, owner: owner.id } }],
    };
  },
});
