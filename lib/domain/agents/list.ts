import { sql } from "#lib/db/tx.ts";
import { selectAgents, toAgents, visibleAgents } from "#lib/domain/agents/rows.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listAgents = implementQuery("agents.list", {
  load: async ({ caller }) => ({ resource: visibleAgents(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, q, status, ownedByMe }) {
    const after = readCursor(cursor);
    const rows = await selectAgents(
      tx,
      sql`${visible}
        and ${q === undefined ? sql`true` : sql`(a.slug || ' ' || a.name || ' ' || a.purpose) ilike ${`%${escapeLike(q)}%`}`}
        and ${status === undefined ? sql`true` : sql`a.status = ${status}`}
        and ${ownedByMe === "true" ? ownedBy(sql`a.id`, caller.id) : sql`true`}
        and ${after === null ? sql`true` : sql`(a.created_at, a.id) < (${after.at}::timestamptz, ${after.id})`}`,
      limit + 1,
    );
    const { items, nextCursor } = pageOf(
      rows,
      limit,
      (row) => row,
      ({ created_cursor: at, id }) => ({ at, id }),
    );
    return { items: await toAgents(tx, items), nextCursor };
  },
});
