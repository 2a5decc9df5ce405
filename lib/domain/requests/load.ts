import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { Context, Loaded } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { ownerPeople } from "#lib/domain/owners.ts";
import { findRequest, type RequestRow } from "#lib/domain/requests/rows.ts";

/** A request for reading. A draft is nobody's business but its author's. */
export async function loadRequest(
  { tx, caller }: Context,
  { requestId }: { requestId: string },
): Promise<Loaded<RequestRow>> {
  const row = await findRequest(tx, requestId);
  if (row === null || (row.state === "draft" && row.requester_id !== caller.id)) return null;
  const ownerIds = row.connector_id === null ? [] : await ownerPeople(tx, row.connector_id);
  return {
    resource: row,
    facts: { requesterId: row.requester_id, ownerIds, delegateIds: await standIns(tx, ownerIds) },
  };
}

/** The same for a change: locked, then read, so that two who act at once come one after the other. */
export async function lockRequest(context: Context, input: { requestId: string }): Promise<Loaded<RequestRow>> {
  await lockRow(context.tx, "request", input.requestId);
  return loadRequest(context, input);
}

/** The people who stand in now for a reviewer or for one of these owners. */
async function standIns(tx: Tx, ownerIds: readonly string[]): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select distinct d.delegate_id as id from delegate d where d.cancelled_at is null and now() between d.starts_at and d.ends_at
          and (d.user_id = any (${[...ownerIds]}::text[]) or exists (select 1 from role_assignment a where a.user_id = d.user_id
            and a.revoked_at is null and a.role in ('security_reviewer', 'data_protection_reviewer', 'platform_reviewer')))`,
  );
  return rows.map(({ id }) => id);
}
