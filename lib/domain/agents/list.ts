import { sql } from "#lib/db/tx.ts";
import { agentOrder, selectAgents, toAgents, visibleAgents } from "#lib/domain/agents/rows.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { behind } from "#lib/domain/order.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listAgents = implementQuery("agents.list", {
  load: async ({ caller }) => ({ resource: visibleAgents(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, sort, q, status, environment, ownedByMe }) {
    const order = agentOrder(sort);
    const rows = await selectAgents(
      tx,
      sql`${visible}
        and ${q === undefined ? sql`true` : sql`(a.slug || ' ' || a.name || ' ' || a.purpose) ilike ${`%${escapeLike(q)}%`}`}
        and ${status === undefined ? sql`true` : sql`a.status = ${status}`}
        and ${environment === undefined ? sql`true` : sql`a.environment = ${environment}`}
        and ${ownedByMe === "true" ? ownedBy(sql`a.id`, caller.id) : sql`true`}
        and ${behind(order, readCursor(cursor))}`,
      limit + 1,
      order,
    );
    const { items, nextCursor } = pageOf(
      rows,
      limit,
      (row) => row,
      ({ cursor: at, id }) => ({ at, id }),
    );
    return { items: await toAgents(tx, items), nextCursor };
  },
});
