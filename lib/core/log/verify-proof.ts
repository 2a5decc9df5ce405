import { sameBytes } from "#lib/core/log/bytes.ts";
import { nodeHash, type Sha256 } from "#lib/core/log/leaf.ts";

/** The largest power of two smaller than `size` (RFC 6962 section 2.1), or 1 for a size below two. Exact up to 2^53. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Whether the leaf with this hash is at `index` in the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  sha256: Sha256,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (sibling.length !== 32 || last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && sameBytes(hash, root);
}

/** Whether the tree of `from` leaves is a prefix of the tree of `to` leaves (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  sha256: Sha256,
  from: number,
  to: number,
  proof: readonly Uint8Array[],
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
): boolean {
  if (!isIndex(from) || !isIndex(to) || from > to) return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && sameBytes(fromRoot, sha256(new Uint8Array(0)));
  let at = from - 1;
  let last = to - 1;
  while (at % 2 === 1) {
    at = half(at);
    last = half(last);
  }
  const [first, ...rest] = at === 0 ? [fromRoot, ...proof] : proof;
  if (first === undefined) return false;
  let old = first;
  let grown = first;
  for (const node of rest) {
    if (node.length !== 32 || last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = nodeHash(sha256, node, old);
      grown = nodeHash(sha256, node, grown);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      grown = nodeHash(sha256, grown, node);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && sameBytes(old, fromRoot) && sameBytes(grown, toRoot);
}

/**
 * The root that the leaves `from`, `from + 1`, … and a range proof give for a tree of `size` leaves, or null when the proof does not fit.
 * Equal to the signed root, it proves content, position and completeness of the whole range.
 * @param leaves leaf hashes of the range
 */
export function rootFromRange(
  sha256: Sha256,
  leaves: readonly Uint8Array[],
  from: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  const to = from + leaves.length;
  if (!isIndex(from) || !isIndex(size) || to > size || proof.some((hash) => hash.length !== 32)) return null;
  if (size === 0) return proof.length === 0 ? sha256(new Uint8Array(0)) : null;
  let used = 0;
  const within = (low: number, high: number): Uint8Array | undefined => {
    if (to <= low || high <= from) return proof[used++];
    if (high - low === 1) return leaves[low - from];
    const middle = low + splitPoint(high - low);
    const left = within(low, middle);
    const right = within(middle, high);
    return left === undefined || right === undefined ? undefined : nodeHash(sha256, left, right);
  };
  const root = within(0, size);
  return root !== undefined && used === proof.length ? root : null;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
