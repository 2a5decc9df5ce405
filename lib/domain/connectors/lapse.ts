import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";

const batch = 200;

/**
 * Suspends connectors whose approval has run out, by the database's clock. The gateway denies their calls already; this makes it a fact
 * that people see. A new approval and two persons bring one back. Returns how many.
 */
export async function suspendLapsed(): Promise<number> {
  return withTransaction(async (tx) => {
    const rows = await queryRows<{ id: string; now: Date }>(
      tx,
      sql`update connector set status = 'suspended', reason = 'Its approval has expired.', row_version = row_version + 1
          where id in (select c.id from connector c where c.status = 'enabled' and not exists (
              select 1 from approval a where a.version_id = c.approved_version_id and a.connector_id = c.id
                and a.revoked_at is null and a.expires_at > now())
            order by c.id limit ${batch} for update skip locked)
          returning id, date_trunc('milliseconds', now()) as now`,
    );
    const [first] = rows;
    if (first === undefined) return 0;
    await append(
      tx,
      { kind: "system", id: "system" },
      first.now,
      rows.map(({ id }) => ({
        type: "connector.suspended",
        subjects: [id],
        connectorId: id,
        data: { reason: "approval_expired" },
      })),
    );
    return rows.length;
  });
}
