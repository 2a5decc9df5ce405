import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

const batch = 200;

/** Ends changes of two that nobody confirmed in time, by the database's clock; they could not be confirmed any more. Returns how many. */
export async function expireChanges(): Promise<number> {
  return withTransaction(async (tx) => {
    const rows = await queryRows<{ change_id: string; operation: string; subject_id: string; now: Date }>(
      tx,
      sql`insert into change_decision (id, change_id, verdict, decided_by, reason)
          select 'chd_' || replace(gen_random_uuid()::text, '-', ''), c.id, 'expire', 'system', 'Nobody confirmed it in time.'
          from change c where c.expires_at <= now() and not exists (select 1 from change_decision d where d.change_id = c.id)
          order by c.expires_at limit ${batch}
          on conflict (change_id) do nothing
          returning change_id, (select operation from change c where c.id = change_id) as operation,
            (select subject_id from change c where c.id = change_id) as subject_id, date_trunc('milliseconds', now()) as now`,
    );
    const [first] = rows;
    if (first === undefined) return 0;
    await append(
      tx,
      { kind: "system", id: "system" },
      first.now,
      rows.map(({ change_id, subject_id, operation }) => ({
        type: "change.expired",
        subjects: [change_id, subject_id],
        data: { operation },
      })),
    );
    return rows.length;
  });
}

/**
 * Ends the open proposals of an operation about a thing: stopping it again is a new stop, which an earlier proposal to resume
 * was not about.
 */
export async function dropProposals(
  { tx, caller }: Context,
  operation: string,
  subjectId: string,
): Promise<NewEvent[]> {
  const open = await queryRows<{ id: string }>(
    tx,
    sql`select c.id from change c where c.operation = ${operation} and c.subject_id = ${subjectId}
          and not exists (select 1 from change_decision d where d.change_id = c.id)`,
  );
  for (const { id } of open) {
    await tx.changeDecision.create({
      data: {
        id: newId("chd"),
        changeId: id,
        verdict: "expire",
        decidedBy: caller.id,
        reason: "It was stopped again.",
      },
    });
  }
  return open.map(({ id }) => ({ type: "change.expired", subjects: [id, subjectId], data: { operation } }));
}
