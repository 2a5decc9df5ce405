import { queryRows, sql } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { visibleAgents } from "#lib/domain/agents/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/people/owners.ts";

/** The command palette's search: a few of each noun. */
export const search = implementQuery("home.search", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx, caller }, _, { q }) {
    const like = `%${q.replaceAll(/[%_\\]/g, (c) => `\\${c}`)}%`;
    const all = seesAllAccess(caller);
    const connectors = all
      ? sql`true`
      : sql`(c.status in ('approved', 'enabled', 'suspended') or ${ownedBy(sql`c.id`, caller.id)} or c.created_by = ${caller.id})`;
    const requests = all
      ? sql`true`
      : sql`(r.requester_id = ${caller.id} or ${ownedBy(sql`r.connector_id`, caller.id)})`;
    const items = await queryRows<{ kind: string; id: string; title: string; detail: string; href: string }>(
      tx,
      sql`(select 'connector' as kind, c.id, c.name as title, c.slug as detail, '/connectors/' || c.slug as href from connector c
            where (c.slug || ' ' || c.name || ' ' || c.purpose) ilike ${like} and ${connectors} order by c.name limit 6)
          union all (select 'tool', t.id, t.name, c.slug, '/tools/' || t.id from tool t join connector c on c.id = t.connector_id
            where (t.name || ' ' || coalesce(t.title, '') || ' ' || coalesce(t.description, '')) ilike ${like} and ${connectors} limit 8)
          union all (select 'agent', a.id, a.name, a.slug, '/agents/' || a.slug from agent a
            where (a.slug || ' ' || a.name) ilike ${like} and ${visibleAgents(caller)} order by a.name limit 6)
          union all (select 'request', r.id, r.title, r.state, '/requests/' || r.id from request r
            where r.title ilike ${like} and r.state <> 'draft' and ${requests} order by r.created_at desc limit 6)
          union all (select 'person', u.id, u.name, coalesce(u.email, ''), '/settings?tab=people&q=' || u.name from app_user u
            where u.name ilike ${like} order by u.name limit 4)`,
    );
    return { items };
  },
});
