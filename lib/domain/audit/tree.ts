import { createHash } from "node:crypto";
import { consistencyProof, inclusionProof, rangeProof } from "#lib/core/log/proof.ts";
import {
  nodeReader,
  type ReadTile,
  restoreTree,
  type TileRef,
  type TreeState,
  tilesFor,
  tilesToRestore,
} from "#lib/core/log/tree.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

/** SHA-256 as the log's pure functions take it. */
export function sha256(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** The tree of a size, with its right edge, from stored tiles and the hashes of the unfinished one. */
export async function readTree(tx: Tx, size: number): Promise<TreeState> {
  const tiles = await readTiles(tx, tilesToRestore(size));
  const last = await queryRows<{ leaf_hash: Uint8Array }>(
    tx,
    sql`select leaf_hash from log_entry where leaf_index >= ${size - (size % 256)} and leaf_index < ${size} order by leaf_index`,
  );
  return restoreTree(
    sha256,
    size,
    last.map(({ leaf_hash }) => new Uint8Array(leaf_hash)),
    tiles,
  );
}

/** Inclusion proof of one leaf in the tree of a size (RFC 6962, section 2.1.1). */
export async function proveInclusion(tx: Tx, index: number, size: number): Promise<Uint8Array[]> {
  const state = await readTree(tx, size);
  const tiles = await readTiles(
    tx,
    tilesFor(size, (read) => inclusionProof(sha256, read, index, size)),
  );
  return inclusionProof(sha256, nodeReader(sha256, state, tiles), index, size);
}

/** Proof that the tree of `from` is a prefix of that of `to` (RFC 6962, section 2.1.2). */
export async function proveConsistency(tx: Tx, from: number, to: number): Promise<Uint8Array[]> {
  const state = await readTree(tx, to);
  const tiles = await readTiles(
    tx,
    tilesFor(to, (read) => consistencyProof(sha256, read, from, to)),
  );
  return consistencyProof(sha256, nodeReader(sha256, state, tiles), from, to);
}

/** Proof that leaves `from` until before `to` stand in the tree of a size, for evidence packs. */
export async function proveRange(tx: Tx, from: number, to: number, size: number): Promise<Uint8Array[]> {
  const state = await readTree(tx, size);
  const tiles = await readTiles(
    tx,
    tilesFor(size, (read) => rangeProof(sha256, read, from, to, size)),
  );
  return rangeProof(sha256, nodeReader(sha256, state, tiles), from, to, size);
}

async function readTiles(tx: Tx, refs: readonly TileRef[]): Promise<ReadTile> {
  if (refs.length === 0) return () => new Uint8Array();
  const rows = await queryRows<{ level: number; tile_index: bigint; hashes: Uint8Array }>(
    tx,
    sql`select t.level, t.tile_index, t.hashes from log_tile t
        join unnest(${refs.map(({ level }) => level)}::int[], ${refs.map(({ index }) => index)}::bigint[]) as w(level, tile_index)
          on w.level = t.level and w.tile_index = t.tile_index`,
  );
  const found = new Map(rows.map((row) => [`${row.level}/${row.tile_index}`, new Uint8Array(row.hashes)]));
  return (level, index) => {
    const hashes = found.get(`${level}/${index}`);
    if (hashes === undefined) throw new Error(`log tile ${level}/${index} is missing`);
    return hashes;
  };
}
