import type pg from "pg";

/** Arguments or result of a call, encrypted, stored beside the log in the transaction of its event. */
export type SidePayload = { callId: string; part: "arguments" | "result"; wrappedKey: Buffer; ciphertext: Buffer };

/** One event ready to be written: the leaf's canonical text and the columns that repeat parts of it. */
export type EventRow = {
  id: string;
  type: string;
  time: string;
  principalKind: string;
  principalId: string;
  subjects: readonly string[];
  leaf: string;
  callId: string | null;
  connectorId: string | null;
  agentId: string | null;
  tool: string | null;
  decision: string | null;
  reason: string | null;
  grantId: string | null;
  /** The policy epoch that the decision was made at; the row is written only while it is current. Null: always. */
  epoch: number | null;
  payload: SidePayload | null;
};

/**
 * Inserts events from one parameter (`rowsText`) in one statement, so with one commit: an event whose epoch is no longer the current one is
 * left out, and so is its payload. Answers the ids that were not inserted, which is almost always none.
 */
export const insertEvents = `with given as materialized (
    select r ->> 0 as id, r ->> 1 as type, (r ->> 2)::timestamptz as time, r ->> 3 as principal_kind, r ->> 4 as principal_id,
      string_to_array(r ->> 5, ',') as subjects, convert_to(r ->> 6, 'UTF8') as leaf, r ->> 7 as call_id, r ->> 8 as connector_id,
      r ->> 9 as agent_id, r ->> 10 as tool, r ->> 11 as decision, r ->> 12 as reason, r ->> 13 as grant_id, (r ->> 14)::bigint as epoch,
      r ->> 15 as part, decode(r ->> 16, 'base64') as wrapped_key, decode(r ->> 17, 'base64') as ciphertext
    from jsonb_array_elements($1::jsonb) as r),
  written as (
    insert into audit_event (id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, reason, grant_id)
    select id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, reason, grant_id
    from given where epoch is null or epoch = (select epoch from policy_epoch where id = 1)
    on conflict (id) do nothing returning id),
  payloads as (
    insert into side_payload (call_id, part, wrapped_key, ciphertext)
    select call_id, part, wrapped_key, ciphertext from given join written using (id) where part is not null)
  select id from given where not exists (select 1 from written where written.id = given.id)`;

/**
 * Writes all rows with one commit. Rows of another policy epoch are left out.
 * Rows that were written before (a retry after a lost answer) count as written, decided rows excepted.
 * @returns the ids that are not in the log
 * @throws when the database did not confirm; the rows may or may not be there
 */
export async function writeEvents(
  pool: pg.Pool,
  rows: readonly EventRow[],
  timeoutMs: number,
): Promise<ReadonlySet<string>> {
  // `query_timeout` makes the pool throw the connection away when the database does not answer
  const query = { name: "record", text: insertEvents, values: [rowsText(rows)], query_timeout: timeoutMs };
  const { rows: missing } = await pool.query<{ id: string }>(query);
  if (missing.length === 0) return none;
  const decided = new Set(rows.flatMap(({ id, epoch }) => (epoch === null ? [] : [id])));
  return new Set(missing.flatMap(({ id }) => (decided.has(id) ? [id] : [])));
}

const none: ReadonlySet<string> = new Set();

/** The parameter of `insertEvents`: an array per event, as one JSON text, which costs far less to make than an array per column. */
export function rowsText(rows: readonly EventRow[]): string {
  return JSON.stringify(
    rows.map((row) => {
      const { payload } = row;
      const columns: (string | number | null)[] = [
        row.id,
        row.type,
        row.time,
        row.principalKind,
        row.principalId,
        row.subjects.join(","),
        row.leaf,
        row.callId,
        row.connectorId,
        row.agentId,
        row.tool,
        row.decision,
        row.reason,
        row.grantId,
        row.epoch,
      ];
      if (payload !== null)
        columns.push(payload.part, payload.wrappedKey.toString("base64"), payload.ciphertext.toString("base64"));
      return columns;
    }),
  );
}
