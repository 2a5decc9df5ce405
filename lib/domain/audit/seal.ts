import { toHex } from "#lib/core/log/bytes.ts";
import { formatCheckpoint } from "#lib/core/log/checkpoint.ts";
import { leafHash } from "#lib/core/log/leaf.ts";
import { type NoteSigner, signNote } from "#lib/core/log/note.ts";
import { appendLeaves, type TreeState, treeRoot } from "#lib/core/log/tree.ts";
import { logPrisma } from "#lib/db/client.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { readTree, sha256 } from "#lib/domain/audit/tree.ts";

/** Events per transaction. */
export const sealBatchMax = 2_000;

/**
 * What a sequencer remembers between batches. `floor`: every event written by an older transaction has its place in the log already.
 * `tree` is only a cache; a log that somebody else grew is read again.
 */
export type SealMemory = { readonly floor: string; readonly tree: TreeState | null };

/** `sealed`: events that got their place now; `pending`: whether more may wait, or a checkpoint is due. */
export type SealResult = { readonly sealed: number; readonly pending: boolean; readonly memory: SealMemory };

/**
 * Looks through the whole log once for events without a place. From then on only transactions that had not ended here are looked at:
 * `floor` is an xid below every transaction that may still write, so neither gaps in `seq` nor late commits hide an event.
 */
export async function startSealing(): Promise<SealMemory> {
  const [row] = await queryRows<{ floor: string }>(
    logPrisma(),
    sql`select least(pg_snapshot_xmin(pg_current_snapshot()),
          (select min(e.txid) from audit_event e where not exists (select 1 from log_entry l where l.event_seq = e.seq)))::text as floor`,
  );
  return { floor: row?.floor ?? "0", tree: null };
}

/**
 * Gives waiting events their places: entries, full tiles and, at most once a second, a signed checkpoint, in one transaction. Killed
 * anywhere, it leaves nothing or all of it.
 * @param signer the log's key, named as the log's origin
 */
export async function sealBatch(signer: NoteSigner, memory: SealMemory): Promise<SealResult> {
  return withTransaction(async (tx) => {
    // Held for one transaction, so that two sequencers take turns and can never fork the log.
    const turn = await queryRows(tx, sql`select id from log_turn for update skip locked`);
    if (turn.length === 0) return { sealed: 0, pending: true, memory };
    const head = await readHead(tx);
    const rows = await waitingEvents(tx, memory.floor);
    if (rows.length === 0 && head.size === head.signed) {
      return { sealed: 0, pending: false, memory: { ...memory, floor: head.xmin } };
    }
    const before = memory.tree?.size === head.size ? memory.tree : await readTree(tx, head.size);
    const hashes = rows.map(({ leaf }) => leafHash(sha256, new Uint8Array(leaf)));
    const { state, tiles } = appendLeaves(sha256, before, hashes);
    if (rows.length > 0) {
      await tx.$executeRaw`insert into log_entry (leaf_index, event_id, event_seq, leaf_hash)
        select ${head.size}::bigint + place - 1, id, seq::bigint, decode(hash, 'hex')
        from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ seq }) => seq)}::text[], ${hashes.map(toHex)}::text[])
          with ordinality as waiting(id, seq, hash, place)`;
    }
    for (const { level, index, hashes: tile } of tiles) {
      await tx.$executeRaw`insert into log_tile (level, tile_index, hashes)
        values (${level}, ${index}::bigint, decode(${toHex(tile)}, 'hex'))`;
    }
    const isDrained = rows.length < sealBatchMax;
    if (head.isCheckpointDue) await sign(tx, signer, state);
    const floor = isDrained ? head.xmin : memory.floor;
    return { sealed: rows.length, pending: !isDrained || !head.isCheckpointDue, memory: { floor, tree: state } };
  }, logPrisma());
}

type Head = { xmin: string; size: number; signed: number; isCheckpointDue: boolean };

/** Read before the events: whatever ended before this snapshot is visible to the statement that follows. */
async function readHead(tx: Tx): Promise<Head> {
  const [row] = await queryRows<Head>(
    tx,
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
          (select coalesce(max(leaf_index) + 1, 0)::float8 from log_entry) as size,
          coalesce(c.size, 0)::float8 as signed,
          coalesce(c.signed_at <= now() - interval '1 second', true) as "isCheckpointDue"
        from (select 1) one left join lateral (select size, signed_at from checkpoint order by size desc limit 1) c on true`,
  );
  if (row === undefined) throw new Error("the log's head cannot be read");
  return row;
}

function waitingEvents(tx: Tx, floor: string): Promise<{ id: string; seq: string; leaf: Uint8Array }[]> {
  return queryRows(
    tx,
    sql`select e.id, e.seq::text as seq, e.leaf from audit_event e
        where e.txid >= ${floor}::xid8 and not exists (select 1 from log_entry l where l.event_seq = e.seq)
        order by e.seq limit ${sealBatchMax}`,
  );
}

async function sign(tx: Tx, signer: NoteSigner, state: TreeState): Promise<void> {
  const root = treeRoot(sha256, state);
  const note = signNote(formatCheckpoint({ origin: signer.name, size: state.size, root }), signer);
  await tx.$executeRaw`insert into checkpoint (size, root, note) values (${state.size}::bigint, decode(${toHex(root)}, 'hex'), ${note})`;
}
