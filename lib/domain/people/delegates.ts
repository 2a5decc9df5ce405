import { DomainError } from "#lib/contract/errors.ts";
import { sql } from "#lib/db/tx.ts";
import { implement, implementTwo } from "#lib/domain/implement.ts";
import { findPerson, selectDelegations } from "#lib/domain/people/rows.ts";
import { newId } from "#lib/platform/id.ts";

const longestDays = 60;

/** A delegate widens who may approve, so a second person confirms who stands in, and until when. */
export const setDelegate = implementTwo("delegates.set", {
  async load({ tx, caller }, { delegateId }) {
    const delegate = await findPerson(tx, delegateId);
    return delegate === null ? null : { resource: delegate, facts: { subjectId: caller.id } };
  },
  async propose({ caller, now }, delegate, { startsAt, endsAt }) {
    const [from, to] = [Date.parse(startsAt), Date.parse(endsAt)];
    if (delegate.id === caller.id) throw new DomainError("invalid_input", "Name another person than yourself.");
    if (delegate.status !== "active") throw new DomainError("invalid_input", "This person is suspended.");
    if (to <= Math.max(from, now.getTime()))
      throw new DomainError("invalid_input", "The end has to lie after the start.");
    if (to > now.getTime() + longestDays * 86_400_000) {
      throw new DomainError("invalid_input", `A delegation ends within ${longestDays} days.`);
    }
    return {
      subjectId: caller.id,
      summary: `Let ${delegate.name} act in reviews until ${endsAt.slice(0, 10)}`,
      beneficiaries: [delegate.id],
    };
  },
  async applyChange({ tx }, delegate, { startsAt, endsAt }, change) {
    await tx.delegate.create({
      data: {
        id: newId("del"),
        userId: change.proposedBy,
        delegateId: delegate.id,
        startsAt: new Date(startsAt),
        endsAt: new Date(endsAt),
        changeId: change.id,
      },
    });
    return [
      {
        type: "delegate.appointed",
        subjects: [change.proposedBy, delegate.id],
        data: { change: change.id, startsAt, endsAt },
      },
    ];
  },
});

export const cancelDelegate = implement("delegates.cancel", {
  async load({ tx }, { delegationId }) {
    const row = await tx.delegate.findUnique({ where: { id: delegationId } });
    return row === null ? null : { resource: row, facts: { subjectId: row.userId } };
  },
  async run({ tx, now }, row) {
    if (row.cancelledAt !== null) throw new DomainError("invalid_transition", "This delegation has ended.");
    await tx.delegate.update({ where: { id: row.id }, data: { cancelledAt: now } });
    const [result] = await selectDelegations(tx, sql`d.id = ${row.id}`);
    if (result === undefined) throw new Error(`delegation ${row.id} vanished inside its transaction`);
    return { result, events: [{ type: "delegate.dismissed", subjects: [row.userId, row.delegateId] }] };
  },
});
