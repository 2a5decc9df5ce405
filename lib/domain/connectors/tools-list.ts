import type { Tool } from "#lib/contract/tools.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export type ToolRow = {
  id: string;
  connector_id: string;
  connector_slug: string;
  kind: Tool["kind"];
  name: string;
  title: string | null;
  description: string | null;
  effect: Tool["effect"];
  labels: Tool["labels"];
  status: Tool["status"];
  created_at: Date;
  /** What lists are ordered by, for cursors. */
  sort_name: string;
};

/** A tool of which an open quarantine exists is quarantined, whatever else it is. */
const quarantined = sql`exists (select 1 from quarantine q where q.tool_id = t.id and not exists (
  select 1 from quarantine_release x where x.quarantine_id = q.id))`;

/** Exactly the expression of the index `tool_sorted`: upper and lower case side by side, the same in every locale. */
const sortName = sql`lower(t.name) collate "C"`;

/** Tools by name. `where` may use the aliases `t` (tool) and `c` (connector). */
export function selectTools(tx: Tx, where: Prisma.Sql, limit: number): Promise<ToolRow[]> {
  return queryRows<ToolRow>(
    tx,
    sql`select t.id, t.connector_id, c.slug as connector_slug, t.kind, t.name, t.title, t.description, t.effect, t.labels,
          case when ${quarantined} then 'quarantined' else t.status end as status, t.created_at, ${sortName} as sort_name
        from tool t join connector c on c.id = t.connector_id where ${where} order by ${sortName}, t.id limit ${limit}`,
  );
}

export function toTool(row: ToolRow): Tool {
  return {
    id: row.id,
    connectorId: row.connector_id,
    connectorSlug: row.connector_slug,
    kind: row.kind,
    name: row.name,
    title: row.title,
    description: row.description,
    effect: row.effect,
    labels: row.labels,
    status: row.status,
    createdAt: row.created_at.toISOString(),
  };
}

export const listTools = implementQuery("tools.list", {
  load: async ({ caller }) => ({ resource: visibleConnectors(caller), facts: listed(caller) }),
  async run({ tx, caller }, visible, { cursor, limit, q, connectorId, effect, status, ownedByMe }) {
    const after = readCursor(cursor);
    const rows = await selectTools(
      tx,
      sql`${visible}
        and ${q === undefined ? sql`true` : toolMatches(q)}
        and ${connectorId === undefined ? sql`true` : sql`(c.id = ${connectorId} or c.slug = ${connectorId})`}
        and ${effect === undefined ? sql`true` : sql`t.effect = ${effect}`}
        and ${ofStatus(status)}
        and ${ownedByMe === "true" ? ownedBy(sql`c.id`, caller.id) : sql`true`}
        and ${after === null ? sql`true` : sql`(${sortName}, t.id) > (${after.at}, ${after.id})`}`,
      limit + 1,
    );
    return pageOf(rows, limit, toTool, ({ sort_name: at, id }) => ({ at, id }));
  },
});

/**
 * SQL over the alias `t`: tools whose name, title or description contains a text. Fewer than three letters have no trigram to look
 * up; they are compared with the beginnings of names.
 */
export function toolMatches(q: string): Prisma.Sql {
  if ([...q].length < 3) return sql`${sortName} like ${`${escapeLike(q.toLowerCase())}%`}`;
  // Exactly the expression of the index `tool_text`.
  return sql`(t.name || ' ' || coalesce(t.title, '') || ' ' || coalesce(t.description, '')) ilike ${`%${escapeLike(q)}%`}`;
}

function ofStatus(status: Tool["status"] | undefined): Prisma.Sql {
  if (status === undefined) return sql`true`;
  if (status === "quarantined") return quarantined;
  return sql`t.status = ${status} and not ${quarantined}`;
}
