import type { Todo } from "#lib/contract/home.ts";
import type { Caller } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { grantsOn } from "#lib/domain/grants/rows.ts";
import { figures } from "#lib/domain/home/figures.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { owned } from "#lib/domain/owners.ts";

const todosMax = 50;

export const getHome = implementQuery("home.get", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx, caller }) {
    const mine = await owned(tx, caller.id);
    const { connectors, grants, calls, denials } = await figures(tx, caller, mine);
    return {
      todos: await todosOf(tx, caller, mine),
      connectors: { ...connectors, href: "/connectors?status=enabled" },
      grants: { ...grants, href: "/access" },
      calls: { ...calls, href: "/activity?types=calls" },
      denials: { ...denials, href: "/activity?types=denials" },
    };
  },
});

/** What waits for this person, the most urgent first. Whether a review is really theirs, the request's page says; here the role decides. */
async function todosOf(tx: Tx, caller: Caller, mine: readonly string[]): Promise<Todo[]> {
  const kinds = ["security", "data_protection", "platform"].filter((kind) =>
    caller.roles.some((role) => role === `${kind}_reviewer`),
  );
  const decides = caller.roles.includes("administrator") || caller.roles.includes("security_reviewer");
  const rows = await queryRows<{
    kind: Todo["kind"];
    subject_id: string;
    title: string;
    detail: string;
    due_at: Date | null;
    href: string;
  }>(
    tx,
    sql`select * from (
        select distinct on (r.id) 'review' as kind, r.id as subject_id, r.title, s.kind as detail, r.due_at, '/requests/' || r.id as href
        from request r join request_stage s on s.request_id = r.id and s.round = r.round
        where r.state in ('submitted', 'in_review') and r.requester_id <> ${caller.id}
          and (s.kind = any (${kinds}) or (s.kind = 'owner' and r.connector_id = any (${mine}::text[])))
          and not exists (select 1 from review v where v.request_id = r.id and v.round = r.round and v.reviewer_id = ${caller.id})
          and s.quorum > (select count(*) from review v where v.stage_id = s.id and v.verdict = 'approve')
        union all
        select 'changes_requested', r.id, r.title, '', r.due_at, '/requests/' || r.id from request r
        where r.state = 'changes_requested' and r.requester_id = ${caller.id}
        union all
        select 'draft', r.id, r.title, '', null, '/requests/' || r.id || '/edit' from request r
        where r.state = 'draft' and r.requester_id = ${caller.id}
        union all
        select 'change', c.id, c.summary, c.operation, c.expires_at, '/settings?tab=changes' from change c
        where ${decides} and c.expires_at > now() and c.proposed_by <> ${caller.id} and ${caller.id} <> all (c.beneficiaries)
          and (${caller.roles.includes("administrator")} or c.operation ~ '^(agents|connectors|tools)\\.')
          and not exists (select 1 from change_decision d where d.change_id = c.id)
        union all
        select 'enable', c.id, c.name, c.slug, null, '/connectors/' || c.slug from connector c
        where c.status = 'approved' and (${caller.roles.includes("administrator")} or c.id = any (${mine}::text[]))
        union all
        select 'expiring_grant', g.id, c.name, g.principal_id, g.expires_at, '/grants/' || g.id from (select * from ${grantsOn(mine)} g
          where g.status = 'active' and g.expires_at between now() and now() + interval '14 days' order by g.expires_at limit ${todosMax}) g
        join connector c on c.id = g.connector_id
        union all
        select 'quarantine', q.id, c.name, q.reason, null, '/connectors/' || c.slug from quarantine q join connector c on c.id = q.connector_id
        where not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)
          and (${caller.roles.includes("security_reviewer")} or q.connector_id = any (${mine}::text[]))
        union all
        select 'release', p.id, p.target ->> 'name', p.target ->> 'version', null, '/requests/release/' || p.id from probe p
        where ${caller.roles.includes("platform_reviewer")} and p.kind = 'package' and p.state = 'done' and p.result ->> 'outcome' = 'inspected'
          and p.requested_by <> ${caller.id} and p.created_at > now() - interval '7 days'
          and not exists (select 1 from package_release k where k.package_digest = p.result #>> '{package,packageDigest}')
        union all
        select 'orphan', f.id, c.name, c.slug, null, '/connectors/' || c.slug from finding f join connector c on c.id = f.subject_id
        where ${decides} and f.kind = 'orphan' and f.closed_at is null and c.status <> 'retired'
        union all
        select 'no_eligible_reviewer', f.id, r.title, f.detail, r.due_at,
          case when ${caller.roles.includes("security_reviewer")} then '/requests/' || r.id else '/settings' end
        from finding f join request r on r.id = f.subject_id
        where ${decides} and f.kind = 'no_eligible_reviewer' and f.closed_at is null and r.state in ('submitted', 'in_review')
      ) t order by t.due_at asc nulls last limit ${todosMax}`,
  );
  return rows.map((row) => ({
    kind: row.kind,
    subjectId: row.subject_id,
    title: row.title,
    detail: row.detail,
    dueAt: row.due_at?.toISOString() ?? null,
    href: row.href,
  }));
}
