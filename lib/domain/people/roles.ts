import { DomainError } from "#lib/contract/errors.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { implement, implementTwo } from "#lib/domain/implement.ts";
import { lockName, lockRow } from "#lib/domain/lock.ts";
import { findPerson, personById } from "#lib/domain/people/rows.ts";
import { newId } from "#lib/platform/id.ts";

async function loadPerson(tx: Tx, personId: string) {
  await lockRow(tx, "app_user", personId);
  const person = await findPerson(tx, personId);
  return person === null ? null : { resource: person, facts: {} };
}

/** A role widens who may approve or administer: a second administrator confirms it, and the database checks both. */
export const assignRole = implementTwo("roles.assign", {
  load: ({ tx }, { personId }) => loadPerson(tx, personId),
  async propose(_context, person, { role }) {
    if (person.status !== "active") throw new DomainError("invalid_transition", "This person is suspended.");
    if (person.roles.includes(role)) throw new DomainError("already_exists", `${person.name} has this role already.`);
    return {
      subjectId: person.id,
      summary: `Give ${person.name} the role ${role.replaceAll("_", " ")}`,
      beneficiaries: [person.id],
    };
  },
  async applyChange({ tx }, person, { role }, change) {
    await tx.roleAssignment.create({
      data: { id: newId("rol"), userId: person.id, role, source: "change", changeId: change.id },
    });
    return [{ type: "role.granted", subjects: [person.id], data: { role, change: change.id } }];
  },
});

export const removeRole = implement("roles.remove", {
  load: ({ tx }, { personId }) => loadPerson(tx, personId),
  async run({ tx, caller, now }, person, { role }) {
    if (person.id === caller.id) {
      throw new DomainError("second_person_required", "Another administrator takes your own roles from you.");
    }
    if (!person.roles.includes(role)) throw new DomainError("not_found");
    if (role === "administrator" && (await administrators(tx)) <= 2) {
      throw new DomainError(
        "conflict",
        "Two administrators have to stay, or nothing that takes two could be confirmed.",
      );
    }
    await tx.roleAssignment.updateMany({
      where: { userId: person.id, role, revokedAt: null },
      data: { revokedAt: now },
    });
    return {
      result: await personById(tx, person.id),
      events: [{ type: "role.revoked", subjects: [person.id], data: { role } }],
    };
  },
});

/** Only while there is one administrator, once: otherwise the first one could never get a second person. */
export const nameSecondAdministrator = implement("roles.name-second-administrator", {
  load: ({ tx }, { personId }) => loadPerson(tx, personId),
  async run({ tx, caller }, person) {
    if (person.id === caller.id) throw new DomainError("invalid_input", "Name another person than yourself.");
    await lockName(tx, "administrators");
    await tx.roleAssignment.create({
      data: { id: newId("rol"), userId: person.id, role: "administrator", source: "second" },
    });
    return {
      result: await personById(tx, person.id),
      events: [{ type: "role.granted", subjects: [person.id], data: { role: "administrator", by: "second" } }],
    };
  },
});

async function administrators(tx: Tx): Promise<number> {
  await lockName(tx, "administrators");
  const [row] = await queryRows<{ n: number }>(
    tx,
    sql`select count(distinct r.user_id)::int as n from role_assignment r join app_user u on u.id = r.user_id and u.status = 'active'
        where r.role = 'administrator' and r.revoked_at is null`,
  );
  return row?.n ?? 0;
}
