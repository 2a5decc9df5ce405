import { type PackEntry, readLeaves } from "#lib/core/pack/entries.ts";
import { prisma } from "#lib/db/client.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { proveConsistency, proveRange } from "#lib/domain/audit/tree.ts";

/** A part of the log with a signed head that covers it. `previous`: the head of the pack before, or of before the period. */
export type LogRange = {
  fromIndex: number;
  toIndex: number;
  size: number;
  checkpoint: string;
  rangeProof: Uint8Array[];
  previous: { checkpoint: string; proof: Uint8Array[] } | undefined;
};

/** The moment in the database's transactions that an export waits for. */
export type Mark = { xid: string };

/** Every transaction that has written something by now is older than this mark. */
export async function markNow(): Promise<Mark> {
  const [mark] = await queryRows<Mark>(prisma(), sql`select pg_snapshot_xmax(pg_current_snapshot())::text as xid`);
  if (mark === undefined) throw new Error("the database's snapshot cannot be read");
  return mark;
}

/** How many events of a period still wait for their place or their checkpoint; transactions under way at the mark count as one. */
export async function waitingSince({ xid }: Mark, from: Date, to: Date): Promise<number> {
  const [row] = await queryRows<{ waiting: number }>(
    prisma(),
    sql`select (case when pg_snapshot_xmin(pg_current_snapshot()) < ${xid}::xid8 then 1 else 0 end
          + (select count(*) from audit_event e left join log_entry l on l.event_seq = e.seq
             where e.time >= ${from} and e.time < ${to} and e.txid < ${xid}::xid8
               and (l.leaf_index is null or l.leaf_index >= (select coalesce(max(size), 0) from checkpoint))))::int as waiting`,
  );
  return row?.waiting ?? 0;
}

/**
 * The smallest contiguous part of the log that holds every sequenced event of a period, with its proofs. Events of other times that lie
 * between are in it: the log is in the order of its writing.
 */
export function readRange(from: Date, to: Date): Promise<LogRange> {
  return withTransaction(async (tx) => {
    const [head] = await queryRows<{ size: number; note: string }>(
      tx,
      sql`select size::float8 as size, note from checkpoint order by checkpoint.size desc limit 1`,
    );
    if (head === undefined) throw new Error("the log has no checkpoint");
    const { size } = head;
    const [bounds] = await queryRows<{ first: number | null; last: number | null }>(
      tx,
      sql`select min(l.leaf_index)::float8 as first, max(l.leaf_index)::float8 as last
          from audit_event e join log_entry l on l.event_seq = e.seq
          where e.time >= ${from} and e.time < ${to} and l.leaf_index < ${size}::bigint`,
    );
    const exported = await exportedSize(tx);
    const fromIndex = bounds?.first ?? size;
    const toIndex = bounds?.last === null || bounds?.last === undefined ? size : bounds.last + 1;
    const [earlier] = await queryRows<{ size: number; note: string }>(
      tx,
      sql`select c.size::float8 as size, c.note from checkpoint c where c.size > 0 and c.size <= ${size}::bigint
          and (c.size = ${exported}::bigint or c.size <= ${fromIndex}::bigint)
          order by c.size = ${exported}::bigint desc, c.size desc limit 1`,
    );
    return {
      fromIndex,
      toIndex,
      size,
      checkpoint: head.note,
      rangeProof: await proveRange(tx, fromIndex, toIndex, size),
      previous:
        earlier === undefined
          ? undefined
          : { checkpoint: earlier.note, proof: await proveConsistency(tx, earlier.size, size) },
    };
  });
}

/** The log's size in the pack before; 0 where there is none, or its event says no size: nobody's event keeps a pack from being made. */
async function exportedSize(tx: Tx): Promise<number> {
  const [row] = await queryRows<{ leaf: Uint8Array }>(
    tx,
    sql`select leaf from audit_event where type = 'evidence.exported' order by seq desc limit 1`,
  );
  const [exported] = row === undefined ? [] : readLeaves([{ index: 0, leaf: new Uint8Array(row.leaf) }]).events;
  const size = exported?.event.data.checkpointSize;
  return Number.isSafeInteger(size) ? Number(size) : 0;
}

/** The entries of a part of the log, in pages; each page is a statement of its own, so that no transaction lasts. */
export async function* readEntries(fromIndex: number, toIndex: number, pageRows = 5_000): AsyncGenerator<PackEntry[]> {
  for (let next = fromIndex; next < toIndex; next += pageRows) {
    const rows = await queryRows<{ index: number; leaf: Uint8Array }>(
      prisma(),
      sql`select l.leaf_index::float8 as index, e.leaf from log_entry l join audit_event e on e.seq = l.event_seq
          where l.leaf_index >= ${next}::bigint and l.leaf_index < ${Math.min(next + pageRows, toIndex)}::bigint order by l.leaf_index`,
    );
    yield rows.map(({ index, leaf }) => ({ index, leaf: new Uint8Array(leaf) }));
  }
}
