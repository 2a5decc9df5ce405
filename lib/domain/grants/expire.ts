import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";

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
