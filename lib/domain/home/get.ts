import type { Todo } from "#lib/contract/home.ts";
import type { Caller } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";

const todosMax = 50;

export const getHome = implementQuery("home.get", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx, caller }) {
    const all = seesAllAccess(caller);
    const mine = all
      ? sql`true`
      : sql`(${ownedBy(sql`e.connector_id`, caller.id)} or ${ownedBy(sql`e.agent_id`, caller.id)})`;
    const connectors = visibleConnectors(caller);
    const grants = all
      ? sql`true`
      : sql`(${ownedBy(sql`g.connector_id`, caller.id)} or ${ownedBy(sql`g.principal_id`, caller.id)})`;
    const [counts] = await queryRows<{ connectors: number; grants: number }>(
      tx,
      sql`select (select count(*)::int from connector c where c.status = 'enabled' and ${connectors}) as connectors,
            (select count(*)::int from scope_grant g where g.status = 'active' and g.expires_at > now() and ${grants}) as grants`,
    );
    // Counted per day first: joining days with every row would compare each row thirty times.
    const daily = (from: ReturnType<typeof sql>) =>
      queryRows<{ n: number }>(
        tx,
        sql`select coalesce(x.n, 0)::int as n from generate_series(29, 0, -1) d left join (
              select date_trunc('day', f.at) as day, count(*) as n from (${from}) f group by 1) x
              on x.day = date_trunc('day', now()) - d * interval '1 day'
            order by d desc`,
      ).then((rows) => rows.map(({ n }) => n));
    const since = sql`date_trunc('day', now()) - interval '29 days'`;
    const calls = await daily(
      sql`select e.time as at from audit_event e where e.type = 'call.intent' and e.time >= ${since} and ${mine}`,
    );
    const denials = await daily(
      sql`select e.time as at from audit_event e where e.type in ('call.denied', 'calls.denied-aggregated') and e.time >= ${since} and ${mine}`,
    );
    const enabled = await daily(
      sql`select c.status_at as at from connector c where c.status = 'enabled' and c.status_at >= ${since} and ${connectors}`,
    );
    const issued = await daily(
      sql`select g.created_at as at from scope_grant g where g.created_at >= ${since} and ${grants}`,
    );
    const sum = (days: number[]) => days.reduce((total, n) => total + n, 0);
    return {
      todos: await todosOf(tx, caller),
      connectors: { value: counts?.connectors ?? 0, last30Days: enabled, href: "/connectors?status=enabled" },
      grants: { value: counts?.grants ?? 0, last30Days: issued, href: "/access" },
      calls: { value: sum(calls), last30Days: calls, href: "/activity?types=calls" },
      denials: { value: sum(denials), last30Days: denials, href: "/activity?types=denials" },
    };
  },
});

/** What waits for this person, the most urgent first. Whether a review is really theirs, the request's page says; here the role decides. */
async function todosOf(tx: Tx, caller: Caller): Promise<Todo[]> {
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
          and (s.kind = any (${kinds}) or (s.kind = 'owner' and ${ownedBy(sql`r.connector_id`, caller.id)}))
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
        where c.status = 'approved' and (${caller.roles.includes("administrator")} or ${ownedBy(sql`c.id`, caller.id)})
        union all
        select 'expiring_grant', g.id, c.name, g.principal_id, g.expires_at, '/grants/' || g.id from scope_grant g join connector c on c.id = g.connector_id
        where g.status = 'active' and g.expires_at between now() and now() + interval '14 days'
          and (${ownedBy(sql`g.principal_id`, caller.id)} or ${ownedBy(sql`g.connector_id`, caller.id)})
        union all
        select 'quarantine', q.id, c.name, q.reason, null, '/connectors/' || c.slug from quarantine q join connector c on c.id = q.connector_id
        where not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)
          and (${caller.roles.includes("security_reviewer")} or ${ownedBy(sql`q.connector_id`, caller.id)})
        union all
        select 'release', p.id, p.target ->> 'name', p.target ->> 'version', null, '/requests/release/' || p.id from probe p
        where ${caller.roles.includes("platform_reviewer")} and p.kind = 'package' and p.state = 'done' and p.result ->> 'outcome' = 'inspected'
          and p.requested_by <> ${caller.id} and p.created_at > now() - interval '7 days'
          and not exists (select 1 from package_release k where k.package_digest = p.result #>> '{package,packageDigest}')
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
