import { toBase64, utf8Text } from "#lib/core/log/bytes.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { selectEvents, toEvent, visibleEvents } from "#lib/domain/audit/rows.ts";
import { proveInclusion } from "#lib/domain/audit/tree.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";

export const getActivity = implementQuery("activity.get", {
  async load({ tx, caller }, { eventId }) {
    const [row] = await selectEvents(tx, sql`${visibleEvents(caller)} and e.id = ${eventId}`, 1);
    return row === undefined ? null : { resource: row, facts: listed(caller) };
  },
  async run({ tx, caller }, row) {
    const { leaf } = await tx.auditEvent.findUniqueOrThrow({ where: { id: row.id }, select: { leaf: true } });
    const related =
      row.call_id === null
        ? []
        : await selectEvents(
            tx,
            sql`${visibleEvents(caller)} and e.call_id = ${row.call_id} and e.id <> ${row.id}`,
            20,
          );
    return {
      ...toEvent(row),
      leaf: utf8Text(new Uint8Array(leaf)),
      related: related.map(toEvent),
      proof: await proofOf(tx, row.id),
    };
  },
});

/** Inclusion of an event in the newest checkpoint; null until it is sequenced and signed, which takes seconds. */
async function proofOf(tx: Tx, eventId: string) {
  const [entry] = await queryRows<{ index: number; size: number; note: string }>(
    tx,
    sql`select l.leaf_index::float8 as index, c.size::float8 as size, c.note from log_entry l, checkpoint c
        where l.event_id = ${eventId} and c.size > l.leaf_index order by c.size desc limit 1`,
  );
  if (entry === undefined) return null;
  const hashes = await proveInclusion(tx, entry.index, entry.size);
  return {
    leafIndex: String(entry.index),
    treeSize: String(entry.size),
    hashes: hashes.map(toBase64),
    checkpoint: entry.note,
  };
}
