import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { grantOrder, selectGrants, toGrant } from "#lib/domain/grants/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { behind, type Order, orderBy } from "#lib/domain/order.ts";
import { ownedIds, principalsOf } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

/** Up to so many agents, teams and connectors are read one by one, each as far as a page needs; more than these are met on the way. */
const subjectsMax = 500;

export const listGrants = implementQuery("grants.list", {
  load: async ({ caller }) => ({ resource: caller, facts: listed(caller) }),
  async run({ tx }, caller, { cursor, limit, sort, q, agentId, teamId, connectorId, status }) {
    const order = grantOrder(sort);
    const filter = sql`${agentId === undefined ? sql`true` : sql`g.principal_id = any (${principalsOf(sql`${agentId}`)})`}
        and ${teamId === undefined ? sql`true` : sql`g.principal_id = ${teamId}`}
        and ${connectorId === undefined ? sql`true` : sql`g.connector_id = (select id from connector where id = ${connectorId} or slug = ${connectorId})`}
        and ${status === undefined ? sql`true` : sql`g.status = ${status}`}
        and ${behind(order, readCursor(cursor))}`;
    const rows = await selectGrants(tx, await visibleOf(tx, caller, q, filter, order, limit + 1), limit + 1, order);
    return pageOf(
      rows,
      limit,
      (row) => toGrant(row, caller),
      ({ cursor: at, id }) => ({ at, id }),
    );
  },
});

/** Narrows a filter to what a caller may see (reviewers and auditors all, others what is on what they own or asked for) and searched for. */
async function visibleOf(
  tx: Tx,
  caller: Caller,
  q: string | undefined,
  filter: Prisma.Sql,
  order: Order,
  limit: number,
): Promise<Prisma.Sql> {
  const searched = q === undefined ? null : named(q);
  if (seesAllAccess(caller)) {
    return searched === null ? filter : among(tx, searched, null, filter, order, limit);
  }
  const found = searched === null ? filter : sql`${filter} and ${on(searched)}`;
  const asked = sql`g.request_id = any (array(select r.id from request r where r.requester_id = ${caller.id}))`;
  return among(tx, ownedIds(caller.id), asked, found, order, limit);
}

/** SQL of a select of the ids of agents, teams and connectors whose name or slug contains a text. */
function named(q: string): Prisma.Sql {
  const like = `%${escapeLike(q)}%`;
  // The longer expressions are those of the indexes `connector_text` and `agent_text`.
  return sql`select c.id from connector c where (c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${like} and (c.slug || ' ' || c.name) ilike ${like}
    union all select a.id from agent a where (a.slug || ' ' || a.name || ' ' || a.purpose) ilike ${like} and (a.slug || ' ' || a.name) ilike ${like}
    union all select t.id from team t where t.name ilike ${like}`;
}

/** SQL that is true for grants to or on one of the subjects. */
function on(subjects: Prisma.Sql): Prisma.Sql {
  return sql`(g.principal_id in (${subjects}) or g.connector_id in (${subjects}))`;
}

/** SQL that is true for the grants of a page among those to or on one of the subjects, or of another kind. */
async function among(
  tx: Tx,
  subjects: Prisma.Sql,
  other: Prisma.Sql | null,
  filter: Prisma.Sql,
  order: Order,
  limit: number,
): Promise<Prisma.Sql> {
  const ids = await queryRows<{ id: string }>(tx, sql`select s.id from (${subjects}) s (id) limit ${subjectsMax + 1}`);
  if (ids.length > subjectsMax) return sql`(${on(subjects)} or ${other ?? sql`false`}) and ${filter}`;
  const first = (which: Prisma.Sql) =>
    sql`(select g.id, ${order.column} as at from scope_grant g where ${which} and ${filter} order by ${orderBy(order)} limit ${limit})`;
  const found = sql`select f.id, f.at from unnest(${ids.map(({ id }) => id)}::text[]) s cross join lateral (
      ${first(sql`g.principal_id = s`)} union all ${first(sql`g.connector_id = s`)}) f
    ${other === null ? sql`` : sql`union all ${first(other)}`}`;
  const way = order.isDescending ? sql`desc` : sql``;
  return sql`g.id in (select f.id from (${found}) f group by f.id, f.at order by f.at ${way}, f.id ${way} limit ${limit})`;
}
