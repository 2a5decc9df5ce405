import { sql } from "#lib/db/tx.ts";
import { selectChanges, toChange } from "#lib/domain/changes/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listChanges = implementQuery("changes.list", {
  async load({ caller }) {
    const sees = caller.roles.some((role) => ["administrator", "auditor", "security_reviewer"].includes(role));
    return { resource: sees ? sql`true` : sql`c.proposed_by = ${caller.id}`, facts: listed(caller) };
  },
  async run({ tx, caller }, visible, { cursor, limit, state }) {
    const after = readCursor(cursor);
    const rows = await selectChanges(
      tx,
      sql`${visible} and ${state === undefined ? sql`true` : sql`c.state = ${state}`}
        and ${after === null ? sql`true` : sql`(c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})`}`,
      limit + 1,
    );
    return pageOf(
      rows,
      limit,
      (row) => toChange(row, caller),
      ({ created_cursor: at, id }) => ({ at, id }),
    );
  },
});
