import { DomainError } from "#lib/contract/errors.ts";
import type { Team } from "#lib/contract/people.ts";
import { sql, type Tx } from "#lib/db/tx.ts";
import { reviseOrphans } from "#lib/domain/findings.ts";
import { implement, implementTwo } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { ownerPeople } from "#lib/domain/owners.ts";
import { selectTeams } from "#lib/domain/people/rows.ts";
import { newId } from "#lib/platform/id.ts";

async function teamById(tx: Tx, id: string): Promise<Team | null> {
  const [team] = await selectTeams(tx, sql`t.id = ${id}`, 1);
  return team ?? null;
}

async function loadTeam(tx: Tx, teamId: string) {
  await lockRow(tx, "team", teamId);
  const team = await teamById(tx, teamId);
  return team === null ? null : { resource: team, facts: {} };
}

export const createTeam = implement("teams.create", {
  load: async () => ({ resource: null, facts: {} }),
  async run({ tx, caller }, _, { name, kind }) {
    const id = newId("tea");
    await tx.team.create({ data: { id, name, kind, createdBy: caller.id } });
    const team = await teamById(tx, id);
    if (team === null) throw new Error(`team ${id} vanished inside its transaction`);
    return { result: team, events: [{ type: "team.created", subjects: [id], data: { kind } }] };
  },
});

/** A member gains what the team was granted and may approve as its owner, so a second person confirms. */
export const addTeamMember = implementTwo("teams.add-member", {
  load: ({ tx }, { teamId }) => loadTeam(tx, teamId),
  async propose({ tx }, team, { memberKind, memberId }) {
    const [user, agent] = await Promise.all([
      tx.user.findUnique({ where: { id: memberId } }),
      tx.agent.findUnique({ where: { id: memberId } }),
    ]);
    const member = memberKind === "user" ? user : agent;
    if (member === null || member.status !== "active")
      throw new DomainError("invalid_input", "Nobody active has this id.");
    if (team.members.some((one) => one.memberId === memberId))
      throw new DomainError("already_exists", "Already a member.");
    // What a team was granted is gained by the agent's owners too.
    const beneficiaries = [memberId, ...(memberKind === "agent" ? await ownerPeople(tx, memberId) : [])];
    return { subjectId: team.id, summary: `Add ${member.name} to team ${team.name}`, beneficiaries };
  },
  async applyChange({ tx }, team, { memberKind, memberId }, change) {
    await tx.teamMember.create({
      data: { id: newId("mem"), teamId: team.id, memberKind, memberId, source: "change", changeId: change.id },
    });
    return [
      { type: "team.member-added", subjects: [team.id, memberId], data: { memberKind, change: change.id } },
      ...(await reviseOrphans(tx)),
    ];
  },
});

export const removeTeamMember = implement("teams.remove-member", {
  load: ({ tx }, { teamId }) => loadTeam(tx, teamId),
  async run({ tx, now }, team, { memberId }) {
    const { count } = await tx.teamMember.updateMany({
      where: { teamId: team.id, memberId, removedAt: null },
      data: { removedAt: now },
    });
    if (count === 0) throw new DomainError("not_found");
    const left = await teamById(tx, team.id);
    if (left === null) throw new Error(`team ${team.id} vanished inside its transaction`);
    return {
      result: left,
      events: [{ type: "team.member-removed", subjects: [team.id, memberId] }, ...(await reviseOrphans(tx))],
    };
  },
});
