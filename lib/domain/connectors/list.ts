import { sql } from "#lib/db/tx.ts";
import { selectConnectors, toConnectors, visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listConnectors = implementQuery("connectors.list", {
  load: async ({ caller }) => ({ resource: visibleConnectors(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, q, status, tier, ownedByMe }) {
    const after = readCursor(cursor);
    const rows = await selectConnectors(
      tx,
      sql`${visible}
        and ${q === undefined ? sql`true` : sql`(c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${`%${escapeLike(q)}%`}`}
        and ${status === undefined ? sql`true` : sql`c.status = ${status}`}
        and ${tier === undefined ? sql`true` : sql`c.tier = ${tier}`}
        and ${ownedByMe === "true" ? ownedBy(sql`c.id`, caller.id) : sql`true`}
        and ${after === null ? sql`true` : sql`(c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})`}`,
      limit + 1,
    );
    const { items, nextCursor } = pageOf(
      rows,
      limit,
      (row) => row,
      ({ created_cursor: at, id }) => ({ at, id }),
    );
    return { items: await toConnectors(tx, items), nextCursor };
  },
});
