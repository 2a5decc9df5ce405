import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";

const batch = 500;

/** Ends grants whose time is over, by the database's clock. The gateway already denies by their expiry; this makes it a fact. Returns how many. */
export async function expireGrants(): Promise<number> {
  let expired = 0;
  for (;;) {
    const ended = await withTransaction(expireSome);
    expired += ended;
    if (ended < batch) return expired;
  }
}

const expireSome: Parameters<typeof withTransaction<number>>[0] = async (tx) => {
  const rows = await queryRows<{
    id: string;
    connector_id: string;
    principal_kind: string;
    principal_id: string;
    now: Date;
  }>(
    tx,
    sql`update scope_grant set status = 'expired', ended_at = now(), ended_by = 'system', row_version = row_version + 1
        where id in (select id from scope_grant where status in ('pending', 'active') and expires_at <= now()
          order by expires_at limit ${batch} for update skip locked)
        returning id, connector_id, principal_kind, principal_id, date_trunc('milliseconds', now()) as now`,
  );
  const [first] = rows;
  if (first === undefined) return 0;
  const events = rows.map(
    (row): NewEvent => ({
      type: "grant.expired",
      subjects: [row.id],
      grantId: row.id,
      connectorId: row.connector_id,
      ...(row.principal_kind === "agent" ? { agentId: row.principal_id } : {}),
    }),
  );
  await append(tx, { kind: "system", id: "system" }, first.now, events);
  return rows.length;
};

/** How long before its end a grant's owners are told, in days; an extension is offered from then on. */
export const expiringDays = 14;

/** Tells the owners of the agent (or the requester) once that a grant is about to end. Returns how many grants. */
export function remindExpiringGrants(): Promise<number> {
  return withTransaction(async (tx) => {
    const rows = await queryRows<{ id: string; slug: string; expires_at: Date; people: string[] }>(
      tx,
      sql`select g.id, c.slug, g.expires_at, array(select distinct coalesce(m.member_id, o.owner_id) from ownership o
              left join team_member m on o.owner_kind = 'team' and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
              where o.subject_id = g.principal_id and o.ended_at is null and (o.owner_kind = 'user' or m.id is not null)
              union select r.requester_id) as people
          from scope_grant g join connector c on c.id = g.connector_id join request r on r.id = g.request_id
          where g.status = 'active' and g.expires_at <= now() + make_interval(days => ${expiringDays})
            and g.expires_at - g.starts_at > make_interval(days => ${expiringDays})
            and not exists (select 1 from notification n where n.subject_id = g.id and n.kind = 'expiring')
          order by g.expires_at limit ${batch}`,
    );
    for (const { id, slug, expires_at, people } of rows) {
      await notify(tx, people, "expiring", id, { connector: slug, expiresAt: expires_at.toISOString() });
    }
    return rows.length;
  });
}
