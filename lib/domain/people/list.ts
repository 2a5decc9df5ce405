import { sql } from "#lib/db/tx.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";
import { selectPeople, selectTeams } from "#lib/domain/people/rows.ts";

/** Colleagues are no secret inside one organisation: names, roles and teams say whom to ask. */
export const listPeople = implementQuery("people.list", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx }, _, { cursor, limit, q }) {
    const after = readCursor(cursor);
    const rows = await selectPeople(
      tx,
      sql`${q === undefined ? sql`true` : sql`(u.name || ' ' || coalesce(u.email, '')) ilike ${`%${escapeLike(q)}%`}`}
        and ${after === null ? sql`true` : sql`(u.name, u.id) > (${after.at}, ${after.id})`}`,
      limit + 1,
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => ({ at: row.name, id: row.id }),
    );
  },
});

export const listTeams = implementQuery("teams.list", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx }, _, { cursor, limit }) {
    const after = readCursor(cursor);
    const rows = await selectTeams(
      tx,
      after === null ? sql`true` : sql`(t.name, t.id) > (${after.at}, ${after.id})`,
      limit + 1,
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => ({ at: row.name, id: row.id }),
    );
  },
});
