import { DomainError } from "#lib/contract/errors.ts";
import { dropProposals } from "#lib/domain/changes/expire.ts";
import { reviseOrphans } from "#lib/domain/findings.ts";
import { implement, implementTwo } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { findPerson, personById } from "#lib/domain/people/rows.ts";

/** Status is read again for every request, so this stops a person's sessions and tokens at once; sessions end for good. */
export const suspendPerson = implement("people.suspend", {
  async load({ tx }, { personId }) {
    await lockRow(tx, "app_user", personId);
    const person = await findPerson(tx, personId);
    return person === null ? null : { resource: person, facts: {} };
  },
  async run(context, person) {
    const { tx, now } = context;
    if (person.status === "suspended") throw new DomainError("invalid_transition", "This person is suspended already.");
    await tx.user.update({ where: { id: person.id }, data: { status: "suspended", rowVersion: { increment: 1 } } });
    await tx.userSession.updateMany({ where: { userId: person.id, endedAt: null }, data: { endedAt: now } });
    return {
      result: await personById(tx, person.id),
      events: [
        { type: "user.deactivated", subjects: [person.id] },
        ...(await dropProposals(context, "people.resume", person.id)),
        ...(await reviseOrphans(tx)),
      ],
    };
  },
});

export const resumePerson = implementTwo("people.resume", {
  async load({ tx }, { personId }) {
    await lockRow(tx, "app_user", personId);
    const person = await findPerson(tx, personId);
    return person === null ? null : { resource: person, facts: {} };
  },
  async propose(_context, person) {
    if (person.status === "active") throw new DomainError("invalid_transition", "This person is active.");
    return { subjectId: person.id, summary: `Let ${person.name} sign in again`, beneficiaries: [person.id] };
  },
  async applyChange({ tx }, person, _input, change) {
    await tx.user.update({
      where: { id: person.id },
      data: { status: "active", changeId: change.id, rowVersion: { increment: 1 } },
    });
    return [
      { type: "user.reactivated", subjects: [person.id], data: { change: change.id } },
      ...(await reviseOrphans(tx)),
    ];
  },
});
