import type pg from "pg";
import { type EventRow, insertEvents, rowsText } from "#lib/gateway/store/recorder.ts";

/** Something that is not what was approved. `toolId` is null when it is the server itself. */
export type QuarantineRow = {
  id: string;
  connectorId: string;
  toolId: string | null;
  reason: "definition_changed" | "tool_missing" | "identity_changed";
  approvedDigest: string | null;
  seenDigest: string | null;
  /** What was seen, as JSON text. */
  seen: string | null;
};

/**
 * Puts something in quarantine with its event, in one transaction; once per seen digest, also with several gateways.
 * @returns whether it was new
 */
export async function writeQuarantine(pool: pg.Pool, row: QuarantineRow, event: EventRow): Promise<boolean> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtext($1))", [`quarantine ${row.connectorId}`]);
    const { rowCount } = await client.query(
      `insert into quarantine (id, connector_id, tool_id, reason, approved_digest, seen_digest, seen)
       select $1, $2, $3, $4, $5, $6, $7::jsonb where not exists (select 1 from quarantine q where q.connector_id = $2
         and q.tool_id is not distinct from $3 and q.seen_digest is not distinct from $6
         and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id))`,
      [row.id, row.connectorId, row.toolId, row.reason, row.approvedDigest, row.seenDigest, row.seen],
    );
    if (rowCount === 1) await client.query(insertEvents, [rowsText([event])]);
    await client.query("commit");
    failed = false;
    return rowCount === 1;
  } finally {
    client.release(failed);
  }
}
