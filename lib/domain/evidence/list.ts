import { sql } from "#lib/db/tx.ts";
import { selectPacks, toPack } from "#lib/domain/evidence/rows.ts";
import { implementQuery } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listEvidence = implementQuery("evidence.list", {
  load: async () => ({ resource: null, facts: {} }),
  async run({ tx }, _, { cursor, limit }) {
    const after = readCursor(cursor);
    const where = after === null ? sql`true` : sql`(p.created_at, p.id) < (${after.at}::timestamptz, ${after.id})`;
    const rows = await selectPacks(tx, where, limit + 1);
    return pageOf(rows, limit, toPack, ({ created_cursor: at, id }) => ({ at, id }));
  },
});
