import { queryRows, sql } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { visibleAgents } from "#lib/domain/agents/rows.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { toolMatches } from "#lib/domain/connectors/tools-list.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";

/** The command palette's search: a few of each noun. */
export const search = implementQuery("home.search", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx, caller }, _, { q }) {
    const like = `%${escapeLike(q)}%`;
    const all = seesAllAccess(caller);
    const connectors = visibleConnectors(caller);
    const requests = all
      ? sql`true`
      : sql`(r.requester_id = ${caller.id} or ${ownedBy(sql`r.connector_id`, caller.id)})`;
    const items = await queryRows<{ kind: string; id: string; title: string; detail: string; href: string }>(
      tx,
      sql`(select 'connector' as kind, c.id, c.name as title, c.slug as detail, '/connectors/' || c.slug as href from connector c
            where (c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${like} and ${connectors} order by c.name limit 6)
          union all (select 'tool', t.id, t.name, c.slug, '/tools/' || t.id from tool t join connector c on c.id = t.connector_id
            where ${toolMatches(q)} and ${connectors} order by lower(t.name) collate "C", t.id limit 8)
          union all (select 'agent', a.id, a.name, a.slug, '/agents/' || a.slug from agent a
            where (a.slug || ' ' || a.name || ' ' || a.purpose) ilike ${like} and ${visibleAgents(caller)} order by a.name limit 6)
          union all (select 'request', r.id, r.title, r.state, '/requests/' || r.id from request r
            where ${requestMatches(q)} and r.state <> 'draft' and ${requests} order by r.created_at desc limit 6)
          union all (select 'person', u.id, u.name, coalesce(u.email, ''), '' from app_user u
            where u.name ilike ${like} order by u.name limit 4)`,
    );
    // Names of people stand in an address here; ids and slugs need no escaping.
    return { items: items.map((item) => (item.kind === "person" ? { ...item, href: personHref(item.title) } : item)) };
  },
});

/** Fewer than three letters have no trigram to look up; they are compared with the beginnings of titles. */
function requestMatches(q: string) {
  if ([...q].length < 3) return sql`lower(r.title) like ${`${escapeLike(q.toLowerCase())}%`}`;
  return sql`r.title ilike ${`%${escapeLike(q)}%`}`;
}

function personHref(name: string): string {
  return `/settings?tab=people&q=${encodeURIComponent(name)}`;
}
