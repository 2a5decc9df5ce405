import { concatBytes } from "#lib/core/log/bytes.ts";
import { nodeHash, type Sha256 } from "#lib/core/log/leaf.ts";

/** A full tile of C2SP tlog-tiles: the 256 hashes (8,192 bytes) at tree level 8 × `level`, from 256 × `index`. Written once. */
export type Tile = { readonly level: number; readonly index: number; readonly hashes: Uint8Array };

/** Where a full tile is. */
export type TileRef = { readonly level: number; readonly index: number };

/**
 * What a log needs in memory to grow: its size and, per tile level, the hashes of the tile that is not full yet (at most 255).
 * Immutable: growing gives a new state, so a failed transaction leaves the old one valid.
 */
export type TreeState = { readonly size: number; readonly edges: readonly (readonly Uint8Array[])[] };

/** The 8,192 bytes of a full tile. */
export type ReadTile = (level: number, index: number) => Uint8Array;

/** The hash of the complete subtree of 2^level leaves that starts at leaf index × 2^level. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** The empty log. */
export const emptyTree: TreeState = { size: 0, edges: [] };

/** Hashes in a full tile. */
export const tileWidth = 256;

/**
 * RFC 6962 section 2.1 Merkle tree hash of some subtrees of equal size, of which the last may be smaller.
 * @param hashes their hashes, left to right; none gives the hash of the empty tree
 */
export function rootOf(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [left, right] = [row[i], row[i + 1]];
      if (left !== undefined) above.push(right === undefined ? left : nodeHash(sha256, left, right));
    }
    row = above;
  }
  return row[0] ?? sha256(new Uint8Array(0));
}

/** The root hash of a log. */
export function treeRoot(sha256: Sha256, state: TreeState): Uint8Array {
  let right: Uint8Array | undefined;
  for (const edge of state.edges) {
    const row = right === undefined ? edge : [...edge, right];
    if (row.length > 0) right = rootOf(sha256, row);
  }
  return right ?? rootOf(sha256, []);
}

/**
 * The log with more leaves, and the tiles that they completed, which are to be stored before the new size is published.
 * @param leafHashes hashes of the new leaves, in order
 */
export function appendLeaves(
  sha256: Sha256,
  state: TreeState,
  leafHashes: readonly Uint8Array[],
): { readonly state: TreeState; readonly tiles: readonly Tile[] } {
  const edges = state.edges.map((edge) => [...edge]);
  const tiles: Tile[] = [];
  let size = state.size;
  for (const leaf of leafHashes) {
    size += 1;
    let hash = leaf;
    let covered = tileWidth;
    for (let level = 0; ; level++) {
      const edge = edges[level] ?? [];
      edges[level] = edge;
      edge.push(hash);
      if (edge.length < tileWidth) break;
      tiles.push({ level, index: size / covered - 1, hashes: concatBytes(...edge) });
      hash = rootOf(sha256, edge);
      edges[level] = [];
      covered *= tileWidth;
    }
  }
  return { state: { size, edges }, tiles };
}

/** The full tiles that {@link restoreTree} reads for a log of this size, to be fetched beforehand. */
export function tilesToRestore(size: number): TileRef[] {
  const refs: TileRef[] = [];
  for (let level = 0, full = Math.floor(size / tileWidth); full > 0; level++, full = Math.floor(full / tileWidth)) {
    for (let index = full - (full % tileWidth); index < full; index++) refs.push({ level, index });
  }
  return refs;
}

/**
 * The state of a stored log.
 * @param size number of leaves
 * @param lastLeafHashes hashes of the leaves from `size - size % 256` on
 * @param readTile gives the tiles of {@link tilesToRestore}
 * @throws {RangeError} when the leaf hashes are not as many as the size says, or a tile has another length than 8,192 bytes
 */
export function restoreTree(
  sha256: Sha256,
  size: number,
  lastLeafHashes: readonly Uint8Array[],
  readTile: ReadTile,
): TreeState {
  if (lastLeafHashes.length !== size % tileWidth) {
    throw new RangeError(
      `A log of ${size} leaves ends in ${size % tileWidth} loose hashes, not ${lastLeafHashes.length}`,
    );
  }
  const edges: Uint8Array[][] = [[...lastLeafHashes]];
  for (const { level, index } of tilesToRestore(size)) {
    while (edges.length <= level + 1) edges.push([]);
    edges[level + 1]?.push(rootOf(sha256, hashesOf(readTile(level, index))));
  }
  return { size, edges };
}

/**
 * A reader of any complete subtree of a log, for building proofs.
 * @param readTile gives full tiles; ask {@link tilesFor} which ones
 */
export function nodeReader(sha256: Sha256, state: TreeState, readTile: ReadTile): ReadNode {
  return (level, index) => {
    const tileLevel = Math.floor(level / 8);
    const width = 2 ** (level % 8);
    const first = index * width;
    const tile = Math.floor(first / tileWidth);
    const full = Math.floor(state.size / tileWidth ** (tileLevel + 1));
    const hashes = tile < full ? hashesOf(readTile(tileLevel, tile)) : (state.edges[tileLevel] ?? []);
    const row = hashes.slice(first % tileWidth, (first % tileWidth) + width);
    if (tile > full || row.length !== width)
      throw new RangeError(`Node ${level}/${index} is outside a log of ${state.size}`);
    return rootOf(sha256, row);
  };
}

/**
 * The full tiles that a proof will read, so that they can be fetched at once before the proof is built.
 * @param build builds the proof with the reader it is given, such as `(read) => inclusionProof(sha256, read, 5, size)`
 */
export function tilesFor(size: number, build: (read: ReadNode) => unknown): TileRef[] {
  const refs = new Map<string, TileRef>();
  build((level, index) => {
    const tileLevel = Math.floor(level / 8);
    const tile = Math.floor((index * 2 ** (level % 8)) / tileWidth);
    if (tile < Math.floor(size / tileWidth ** (tileLevel + 1))) {
      refs.set(`${tileLevel}/${tile}`, { level: tileLevel, index: tile });
    }
    return new Uint8Array(32);
  });
  return [...refs.values()];
}

function hashesOf(tile: Uint8Array): Uint8Array[] {
  if (tile.length !== tileWidth * 32)
    throw new RangeError(`A full tile has ${tileWidth * 32} bytes, not ${tile.length}`);
  return Array.from({ length: tileWidth }, (_, i) => tile.subarray(32 * i, 32 * (i + 1)));
}
