import { DomainError } from "#lib/contract/errors.ts";
import { allowed, type Caller } from "#lib/core/permit.ts";
import { sql, type Tx } from "#lib/db/tx.ts";
import { type ChangeRow, changeFacts, selectChanges, toChange } from "#lib/domain/changes/rows.ts";
import { type Context, implement } from "#lib/domain/implement.ts";
import { lockName } from "#lib/domain/lock.ts";
import { newId } from "#lib/platform/id.ts";

function loadFor(action: "change:confirm" | "change:reject") {
  return async ({ tx, caller }: Context, { changeId }: { changeId: string }) => {
    await lockName(tx, changeId);
    const [row] = await selectChanges(tx, sql`c.id = ${changeId}`, 1);
    if (row === undefined) return null;
    const facts = changeFacts(row);
    const person: Caller = { ...caller, via: "session", interactiveSignInAgeSeconds: 0 };
    // Whoever finds the change in lists learns why it is not theirs to decide; for the others it is not there.
    if (allowed(caller, "change:read", facts) && !allowed(person, action, facts)) {
      throw new DomainError("not_eligible", whyNot(caller, row));
    }
    return { resource: row, facts };
  };
}

function whyNot({ id, roles }: Caller, row: ChangeRow): string {
  if (roles.includes("auditor")) return "Auditors confirm and reject nothing.";
  if (row.proposed_by === id) return "You proposed this change; somebody else has to confirm it.";
  if (row.beneficiaries.includes(id)) return "You gain by this change; somebody who does not has to confirm it.";
  return "Only an administrator confirms a change of people, teams, tiers or the allow-list.";
}

/** The second person: confirms exactly the kept input, and it is carried out in the same transaction. */
export const confirmChange = implement("changes.confirm", {
  load: loadFor("change:confirm"),
  async run(context, row, { reason }) {
    stillOpen(row);
    if (row.proposer_status !== "active") {
      throw new DomainError("not_eligible", "Whoever proposed this is suspended. Reject it, and propose it yourself.");
    }
    const { tx, caller, apply } = context;
    await decide(tx, row, "confirm", caller.id, reason);
    const change = { id: row.id, proposedBy: row.proposed_by, decidedBy: caller.id };
    const effects = await apply(row.operation, row.input, change);
    return {
      result: await decided(context, row.id),
      events: [
        {
          type: "change.confirmed",
          subjects: [row.id, row.subject_id],
          data: { operation: row.operation, proposer: row.proposed_by },
        },
        ...effects,
      ],
    };
  },
});

export const rejectChange = implement("changes.reject", {
  load: loadFor("change:reject"),
  async run(context, row, { reason }) {
    stillOpen(row);
    await decide(context.tx, row, "reject", context.caller.id, reason);
    return {
      result: await decided(context, row.id),
      events: [{ type: "change.rejected", subjects: [row.id, row.subject_id], data: { operation: row.operation } }],
    };
  },
});

function stillOpen(row: ChangeRow): void {
  if (row.state !== "proposed") throw new DomainError("invalid_transition", `This change is ${row.state} already.`);
}

function decide(tx: Tx, row: ChangeRow, verdict: "confirm" | "reject", decidedBy: string, reason: string) {
  return tx.changeDecision.create({ data: { id: newId("chd"), changeId: row.id, verdict, decidedBy, reason } });
}

async function decided({ tx, caller }: Context, id: string) {
  const [row] = await selectChanges(tx, sql`c.id = ${id}`, 1);
  if (row === undefined) throw new Error(`change ${id} vanished inside its transaction`);
  return toChange(row, caller);
}
