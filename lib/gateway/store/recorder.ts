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

const columns =
  "id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, reason, grant_id";
const source = `select u.id, u.type, u.time, u.principal_kind, u.principal_id, string_to_array(u.subjects, ','), convert_to(u.leaf, 'UTF8'),
    u.call_id, u.connector_id, u.agent_id, u.tool, u.decision, u.reason, u.grant_id
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], string_to_array($7, E'\\n'), $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::text[], $15::float8[])
    as u (id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, reason, grant_id, epoch)
  where u.epoch is null or u.epoch = (select epoch from policy_epoch where id = 1)`;
/** Inserts events; parameters from `eventValues`. */
export const insertEvent = `insert into audit_event (${columns}) ${source} on conflict (id) do nothing returning id`;
const insertBoth = `with written as (insert into audit_event (${columns}) ${source} on conflict (id) do nothing returning id),
  payloads as (insert into side_payload (call_id, part, wrapped_key, ciphertext)
    select p.call_id, p.part, p.wrapped_key, p.ciphertext
    from unnest($16::text[], $17::text[], $18::text[], $19::bytea[], $20::bytea[]) as p (event_id, call_id, part, wrapped_key, ciphertext)
    join written on written.id = p.event_id)
  select id from written`;

/**
 * Writes all rows in one statement, so with one commit. Rows of another policy epoch are left out.
 * Rows that were written before (a retry after a lost answer) count as written, decided rows excepted.
 * @returns the ids now in the log because of this call
 * @throws when the database did not confirm; the rows may or may not be there
 */
export async function writeEvents(pool: pg.Pool, rows: readonly EventRow[], timeoutMs: number): Promise<Set<string>> {
  // `query_timeout` makes the pool throw the connection away when the database does not answer
  const query = { ...statement(rows), query_timeout: timeoutMs };
  const { rows: written } = await pool.query<{ id: string }>(query);
  const ids = new Set<string>();
  for (const { id } of written) ids.add(id);
  if (ids.size < rows.length) for (const row of rows) if (row.epoch === null) ids.add(row.id);
  return ids;
}

function statement(rows: readonly EventRow[]): pg.QueryConfig<unknown[]> {
  const values = eventValues(rows);
  const kept = rows.flatMap(({ id, payload }) => (payload === null ? [] : [{ id, ...payload }]));
  if (kept.length === 0) return { name: "record", text: insertEvent, values };
  const payloads = [
    kept.map((one) => one.id),
    kept.map((one) => one.callId),
    kept.map((one) => one.part),
    kept.map((one) => one.wrappedKey),
    kept.map((one) => one.ciphertext),
  ];
  return { name: "record-both", text: insertBoth, values: [...values, ...payloads] };
}

/** Parameters of `insertEvent`: one array per column; leaves as lines of one text, because canonical JSON has no line breaks. */
export function eventValues(rows: readonly EventRow[]): unknown[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.type),
    rows.map((row) => row.time),
    rows.map((row) => row.principalKind),
    rows.map((row) => row.principalId),
    rows.map((row) => row.subjects.join(",")),
    rows.map(oneLine).join("\n"),
    rows.map((row) => row.callId),
    rows.map((row) => row.connectorId),
    rows.map((row) => row.agentId),
    rows.map((row) => row.tool),
    rows.map((row) => row.decision),
    rows.map((row) => row.reason),
    rows.map((row) => row.grantId),
    rows.map((row) => row.epoch),
  ];
}

/** Leaves travel as lines of one text; canonical JSON has no raw line break, and one that had would shift its whole batch. */
function oneLine({ id, leaf }: EventRow): string {
  if (leaf.includes("\n")) throw new TypeError(`The leaf of ${id} is not canonical`);
  return leaf;
}
