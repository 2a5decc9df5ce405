import { nodeHash, type Sha256 } from "#lib/core/log/leaf.ts";
import type { ReadNode } from "#lib/core/log/tree.ts";
import { splitPoint } from "#lib/core/log/verify-proof.ts";

/**
 * RFC 6962 section 2.1.1: the path from leaf `index` to the root of the first `size` leaves.
 * @throws {RangeError} when the leaf is not in that tree
 */
export function inclusionProof(sha256: Sha256, read: ReadNode, index: number, size: number): Uint8Array[] {
  checkRange(index, index + 1, size);
  return rangeProofWithin(sha256, read, index, index + 1, 0, size, "path");
}

/**
 * The hashes that, with all leaves from `from` up to but not including `to`, give the root of the first `size` leaves: the roots of the
 * largest subtrees outside the range, left to right. One proof for the whole range, of at most two hashes per level of the tree.
 * @throws {RangeError} when the range is not in that tree
 */
export function rangeProof(sha256: Sha256, read: ReadNode, from: number, to: number, size: number): Uint8Array[] {
  checkRange(from, to, size);
  return size === 0 ? [] : rangeProofWithin(sha256, read, from, to, 0, size, "range");
}

/**
 * RFC 6962 section 2.1.2: proves that the tree of `from` leaves is a prefix of the tree of `to` leaves.
 * Empty when `from` is 0 or equals `to`.
 * @throws {RangeError} when `from` is above `to`
 */
export function consistencyProof(sha256: Sha256, read: ReadNode, from: number, to: number): Uint8Array[] {
  checkRange(from, to, to);
  return from === 0 || from === to ? [] : consistencyWithin(sha256, read, from, 0, to, true);
}

function rangeProofWithin(
  sha256: Sha256,
  read: ReadNode,
  from: number,
  to: number,
  low: number,
  high: number,
  order: "path" | "range",
): Uint8Array[] {
  if (to <= low || high <= from) return [subtreeRoot(sha256, read, low, high)];
  if (from <= low && high <= to) return [];
  const middle = low + splitPoint(high - low);
  const left = rangeProofWithin(sha256, read, from, to, low, middle, order);
  const right = rangeProofWithin(sha256, read, from, to, middle, high, order);
  // A path lists the sibling after what is below it, whichever side it is on.
  return order === "path" && middle <= from ? [...right, ...left] : [...left, ...right];
}

function consistencyWithin(
  sha256: Sha256,
  read: ReadNode,
  from: number,
  low: number,
  high: number,
  whole: boolean,
): Uint8Array[] {
  if (from === high) return whole ? [] : [subtreeRoot(sha256, read, low, high)];
  const middle = low + splitPoint(high - low);
  return from <= middle
    ? [...consistencyWithin(sha256, read, from, low, middle, whole), subtreeRoot(sha256, read, middle, high)]
    : [...consistencyWithin(sha256, read, from, middle, high, false), subtreeRoot(sha256, read, low, middle)];
}

function subtreeRoot(sha256: Sha256, read: ReadNode, low: number, high: number): Uint8Array {
  const width = high - low;
  const middle = splitPoint(width);
  if (width === 1 || middle * 2 === width) return read(Math.log2(width), low / width);
  return nodeHash(sha256, subtreeRoot(sha256, read, low, low + middle), subtreeRoot(sha256, read, low + middle, high));
}

function checkRange(from: number, to: number, size: number): void {
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to) && Number.isSafeInteger(size);
  if (!whole || from < 0 || to < from || size < to)
    throw new RangeError(`No range ${from} to ${to} in a log of ${size}`);
}
