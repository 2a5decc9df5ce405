import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** `orphan`: a connector whose accountable owner is gone. `no_eligible_reviewer`: a request with a stage that nobody left can complete. */
export type FindingKind = "orphan" | "no_eligible_reviewer";

/** Something that somebody has to look at: the thing, the connector it concerns, and codes that say more. */
export type NewFinding = { kind: FindingKind; subjectId: string; connectorId: string | null; detail: string };

/** Opens a finding. @returns its event, or none where it is open already */
export async function openFinding(tx: Tx, { kind, subjectId, connectorId, detail }: NewFinding): Promise<NewEvent[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`insert into finding (id, kind, subject_id, detail) values (${newId("fnd")}, ${kind}, ${subjectId}, ${detail})
        on conflict (kind, subject_id) where closed_at is null do nothing returning id`,
  );
  return rows.map(({ id }) => ({
    type: "finding.opened",
    subjects: [subjectId],
    ...(connectorId === null ? {} : { connectorId }),
    data: { finding: id, kind, detail },
  }));
}

/** Closes what is open of a kind about one thing. @returns its event, or none where nothing was open */
export async function closeFinding(tx: Tx, { kind, subjectId, connectorId }: Omit<NewFinding, "detail">) {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`update finding set closed_at = now() where kind = ${kind} and subject_id = ${subjectId} and closed_at is null returning id`,
  );
  return rows.map(
    ({ id }): NewEvent => ({
      type: "finding.resolved",
      subjects: [subjectId],
      ...(connectorId === null ? {} : { connectorId }),
      data: { finding: id, kind },
    }),
  );
}

/** An accountable owner who can act: an active person, or a team with one. */
const hasAccountable = sql`exists (select 1 from ownership o
    left join team_member m on o.owner_kind = 'team' and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
    join app_user u on u.id = coalesce(m.member_id, o.owner_id) and u.status = 'active'
    where o.subject_id = c.id and o.role = 'accountable' and o.ended_at is null)`;

/**
 * Opens a finding for every connector in use that lost its accountable owner, and closes those of connectors that have one again or
 * are retired. Called in the transaction of whatever takes or gives an owner; doing it again does nothing.
 */
export async function reviseOrphans(tx: Tx): Promise<NewEvent[]> {
  const wrong = await queryRows<{ id: string; is_orphan: boolean }>(
    tx,
    sql`select * from (
          select c.id, c.status in ('approved', 'enabled', 'suspended', 'quarantined') and not ${hasAccountable} as is_orphan,
            exists (select 1 from finding f where f.kind = 'orphan' and f.subject_id = c.id and f.closed_at is null) as is_open
          from connector c) t
        where is_orphan <> is_open order by id`,
  );
  const events: NewEvent[] = [];
  for (const { id, is_orphan } of wrong) {
    const about = { kind: "orphan" as const, subjectId: id, connectorId: id };
    events.push(
      ...(is_orphan ? await openFinding(tx, { ...about, detail: "accountable" }) : await closeFinding(tx, about)),
    );
  }
  return events;
}
