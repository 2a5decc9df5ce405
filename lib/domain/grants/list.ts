import { sql } from "#lib/db/tx.ts";
import { selectGrants, toGrant, visibleGrants } from "#lib/domain/grants/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { principalsOf } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listGrants = implementQuery("grants.list", {
  load: async ({ caller }) => ({ resource: visibleGrants(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, agentId, teamId, connectorId, status }) {
    const after = readCursor(cursor);
    const rows = await selectGrants(
      tx,
      sql`${visible}
        and ${agentId === undefined ? sql`true` : sql`g.principal_id = any (${principalsOf(sql`${agentId}`)})`}
        and ${teamId === undefined ? sql`true` : sql`g.principal_id = ${teamId}`}
        and ${connectorId === undefined ? sql`true` : sql`g.connector_id = (select id from connector where id = ${connectorId} or slug = ${connectorId})`}
        and ${status === undefined ? sql`true` : sql`g.status = ${status}`}
        and ${after === null ? sql`true` : sql`(g.created_at, g.id) < (${after.at}::timestamptz, ${after.id})`}`,
      limit + 1,
    );
    return pageOf(
      rows,
      limit,
      (row) => toGrant(row, caller),
      ({ created_cursor: at, id }) => ({ at, id }),
    );
  },
});
