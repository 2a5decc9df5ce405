import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { among, ofSubjects } from "#lib/domain/among.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { grantOrder, selectGrants, toGrant } from "#lib/domain/grants/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { behind, type Order } from "#lib/domain/order.ts";
import { ownedIds, principalsOf } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

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
  const page = { rows: sql`scope_grant g`, columns: [sql`g.principal_id`, sql`g.connector_id`], order, limit };
  if (seesAllAccess(caller)) {
    return searched === null ? filter : among(tx, { ...page, subjects: searched, other: null, filter });
  }
  const found = searched === null ? filter : sql`${filter} and ${ofSubjects(page.columns, searched)}`;
  const asked = sql`g.request_id = any (array(select r.id from request r where r.requester_id = ${caller.id}))`;
  return among(tx, { ...page, subjects: ownedIds(caller.id), other: asked, filter: found });
}

/** SQL of a select of the ids of agents, teams and connectors whose name or slug contains a text. */
function named(q: string): Prisma.Sql {
  const like = `%${escapeLike(q)}%`;
  // The longer expressions are those of the indexes `connector_text` and `agent_text`.
  return sql`select c.id from connector c where (c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${like} and (c.slug || ' ' || c.name) ilike ${like}
    union all select a.id from agent a where (a.slug || ' ' || a.name || ' ' || a.purpose) ilike ${like} and (a.slug || ' ' || a.name) ilike ${like}
    union all select t.id from team t where t.name ilike ${like}`;
}
