import { sql } from "#lib/db/tx.ts";
import { connectorOrder, selectConnectors, toConnectors, visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { behind } from "#lib/domain/order.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listConnectors = implementQuery("connectors.list", {
  load: async ({ caller }) => ({ resource: visibleConnectors(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, sort, q, status, tier, classification, transport, ownedByMe }) {
    const order = connectorOrder(sort);
    const rows = await selectConnectors(
      tx,
      sql`${visible}
        and ${q === undefined ? sql`true` : sql`(c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${`%${escapeLike(q)}%`}`}
        and ${status === undefined ? sql`true` : sql`c.status = ${status}`}
        and ${tier === undefined ? sql`true` : sql`c.tier = ${tier}`}
        and ${classification === undefined ? sql`true` : sql`c.classification = ${classification}`}
        and ${transport === undefined ? sql`true` : sql`c.transport = ${transport}`}
        and ${ownedByMe === "true" ? ownedBy(sql`c.id`, caller.id) : sql`true`}
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
    return { items: await toConnectors(tx, items), nextCursor };
  },
});
