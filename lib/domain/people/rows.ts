import type { Delegation, Person, Team } from "#lib/contract/people.ts";
import type { Role } from "#lib/core/principal.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

type PersonRow = {
  id: string;
  name: string;
  email: string | null;
  status: Person["status"];
  issuer: string;
  created_at: Date;
  roles: Role[];
  teams: { id: string; name: string }[];
};

/** People with roles and teams, in the order of their names. `where` may use the alias `u`. */
export async function selectPeople(tx: Tx, where: Prisma.Sql, limit: number): Promise<Person[]> {
  const rows = await queryRows<PersonRow>(
    tx,
    sql`select u.id, u.name, u.email, u.status, u.issuer, u.created_at,
          coalesce((select array_agg(r.role order by r.role) from role_assignment r where r.user_id = u.id and r.revoked_at is null), '{}') as roles,
          coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name) from team_member m join team t on t.id = m.team_id
            where m.member_id = u.id and m.removed_at is null), '[]') as teams
        from app_user u where ${where} order by u.name, u.id limit ${limit}`,
  );
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
}

export async function findPerson(tx: Tx, id: string): Promise<Person | null> {
  const [person] = await selectPeople(tx, sql`u.id = ${id}`, 1);
  return person ?? null;
}

/** The person read again after a change. */
export async function personById(tx: Tx, id: string): Promise<Person> {
  const person = await findPerson(tx, id);
  if (person === null) throw new Error(`person ${id} vanished inside its transaction`);
  return person;
}

/** Teams with members, by name. `where` may use the alias `t`. */
export async function selectTeams(tx: Tx, where: Prisma.Sql, limit: number): Promise<Team[]> {
  const rows = await queryRows<{
    id: string;
    name: string;
    kind: Team["kind"];
    created_at: Date;
    members: Team["members"];
  }>(
    tx,
    sql`select t.id, t.name, t.kind, t.created_at, coalesce((
          select json_agg(json_build_object('memberKind', m.member_kind, 'memberId', m.member_id, 'name', coalesce(u.name, a.name, m.member_id),
            'addedAt', m.added_at) order by coalesce(u.name, a.name))
          from team_member m left join app_user u on u.id = m.member_id left join agent a on a.id = m.member_id
          where m.team_id = t.id and m.removed_at is null), '[]') as members
        from team t where ${where} order by t.name, t.id limit ${limit}`,
  );
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() }));
}

/** Delegations from or to a person that have not ended. */
export async function selectDelegations(tx: Tx, where: Prisma.Sql): Promise<Delegation[]> {
  const rows = await queryRows<{
    id: string;
    user_id: string;
    user_name: string;
    delegate_id: string;
    delegate_name: string;
    starts_at: Date;
    ends_at: Date;
    active: boolean;
  }>(
    tx,
    sql`select d.id, d.user_id, u.name as user_name, d.delegate_id, v.name as delegate_name, d.starts_at, d.ends_at,
          d.cancelled_at is null and now() between d.starts_at and d.ends_at as active
        from delegate d join app_user u on u.id = d.user_id join app_user v on v.id = d.delegate_id where ${where} order by d.starts_at`,
  );
  return rows.map((row) => ({
    id: row.id,
    user: { id: row.user_id, name: row.user_name },
    delegate: { id: row.delegate_id, name: row.delegate_name },
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    active: row.active,
  }));
}
