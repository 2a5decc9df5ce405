import type { Owner } from "#lib/contract/connectors.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

/** Active owners of things, teams named as teams. Keyed by the thing's id. An agent's owner needs nobody's confirmation. */
export async function ownersOf(tx: Tx, subjectIds: readonly string[]): Promise<Map<string, Owner[]>> {
  const owners = new Map<string, Owner[]>(subjectIds.map((id) => [id, []]));
  if (subjectIds.length === 0) return owners;
  const rows = await queryRows<{
    id: string;
    subject_id: string;
    owner_kind: "user" | "team";
    owner_id: string;
    name: string | null;
    role: Owner["role"];
    confirmed_by: string | null;
    confirmer: string | null;
    confirmed: boolean;
  }>(
    tx,
    sql`select o.id, o.subject_id, o.owner_kind, o.owner_id, coalesce(u.name, t.name) as name, o.role, o.confirmed_by,
          c.name as confirmer, o.confirmed_at is not null or o.subject_kind = 'agent' as confirmed
        from ownership o
        left join app_user u on o.owner_kind = 'user' and u.id = o.owner_id
        left join team t on o.owner_kind = 'team' and t.id = o.owner_id
        left join app_user c on c.id = o.confirmed_by
        where o.ended_at is null and o.subject_id in (${Prisma.join([...subjectIds])}) order by o.created_at, o.id`,
  );
  for (const row of rows) {
    owners.get(row.subject_id)?.push({
      id: row.id,
      ownerKind: row.owner_kind,
      ownerId: row.owner_id,
      name: row.name ?? row.owner_id,
      role: row.role,
      confirmed: row.confirmed,
      confirmedBy: row.confirmed_by === null ? null : { id: row.confirmed_by, name: row.confirmer ?? row.confirmed_by },
    });
  }
  return owners;
}

/** The people who own a thing, teams resolved to their active members; confirmed or not. */
export async function ownerPeople(tx: Tx, subjectId: string): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select distinct coalesce(m.member_id, o.owner_id) as id from ownership o
        left join team_member m on o.owner_kind = 'team' and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
        where o.subject_id = ${subjectId} and o.ended_at is null and (o.owner_kind = 'user' or m.id is not null)`,
  );
  return rows.map(({ id }) => id);
}

/** SQL of a select of the ids of what this person owns, directly or through a team. */
export function ownedIds(personId: string): Prisma.Sql {
  return sql`select o.subject_id from ownership o where o.ended_at is null and o.owner_id in (
    select ${personId}::text union all select m.team_id from team_member m
    where m.member_kind = 'user' and m.member_id = ${personId} and m.removed_at is null)`;
}

/** The ids of what this person owns, for queries that name them several times. */
export async function owned(tx: Tx, personId: string): Promise<string[]> {
  return (await queryRows<{ id: string }>(tx, sql`select x.id from (${ownedIds(personId)}) x (id)`)).map(
    ({ id }) => id,
  );
}

/**
 * SQL that is true for things of which this person is an owner. `subject` is a column expression. What the person owns is read
 * once per query, so that an index on the column can be used.
 */
export function ownedBy(subject: Prisma.Sql, personId: string): Prisma.Sql {
  return sql`${subject} = any (array(${ownedIds(personId)}))`;
}

/** SQL of an agent's id with those of its teams, as an array: the principals whose grants it has. `agentId` is a column expression. */
export function principalsOf(agentId: Prisma.Sql): Prisma.Sql {
  return sql`array(select ${agentId}::text union all select m.team_id from team_member m
    where m.member_kind = 'agent' and m.member_id = ${agentId} and m.removed_at is null)`;
}
