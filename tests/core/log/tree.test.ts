import fc from "fast-check";
import { expect, test } from "vitest";
import { sameBytes, toHex, utf8 } from "#lib/core/log/bytes.ts";
import { leafHash, nodeHash } from "#lib/core/log/leaf.ts";
import { consistencyProof, inclusionProof, rangeProof } from "#lib/core/log/proof.ts";
import {
  appendLeaves,
  emptyTree,
  nodeReader,
  type ReadNode,
  restoreTree,
  type TreeState,
  tilesFor,
  tilesToRestore,
  treeRoot,
} from "#lib/core/log/tree.ts";
import { rootFromRange, verifyConsistency, verifyInclusion } from "#lib/core/log/verify-proof.ts";
import { sha256 } from "#tests/core/log/crypto.ts";

const published = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const publishedRoots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** RFC 6962 section 2.1, word for word. */
function definition(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return sha256(new Uint8Array(0));
  if (hashes.length === 1) return only;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(sha256, definition(hashes.slice(0, k)), definition(hashes.slice(k)));
}

const leaves = (count: number) => Array.from({ length: count }, (_, i) => leafHash(sha256, utf8(`leaf ${i}`)));

/** A store of tiles as a database has it: written once, only full ones. */
function store() {
  const tiles = new Map<string, Uint8Array>();
  const reads: string[] = [];
  return {
    reads,
    write(grown: ReturnType<typeof appendLeaves>): TreeState {
      for (const { level, index, hashes } of grown.tiles) {
        expect(tiles.has(`${level}/${index}`)).toBe(false);
        tiles.set(`${level}/${index}`, hashes);
      }
      return grown.state;
    },
    readTile(level: number, index: number): Uint8Array {
      reads.push(`${level}/${index}`);
      const tile = tiles.get(`${level}/${index}`);
      if (tile === undefined) throw new Error(`no tile ${level}/${index}`);
      return tile;
    },
  };
}

test("the roots of the published Certificate Transparency leaves are the published ones", () => {
  const hashes = published.map((hex) => leafHash(sha256, Buffer.from(hex, "hex")));
  for (const [size, root] of publishedRoots.entries()) {
    expect(toHex(definition(hashes.slice(0, size)))).toBe(root);
    expect(toHex(treeRoot(sha256, appendLeaves(sha256, emptyTree, hashes.slice(0, size)).state))).toBe(root);
  }
});

test("a log grown in any batches has the root of the definition, and restores to the same state", () => {
  const all = leaves(1500);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 5 }), (batches) => {
      const disk = store();
      let state = emptyTree;
      for (const batch of batches)
        state = disk.write(appendLeaves(sha256, state, all.slice(state.size, state.size + batch)));
      const root = treeRoot(sha256, state);
      expect(sameBytes(root, definition(all.slice(0, state.size)))).toBe(true);
      const restored = restoreTree(
        sha256,
        state.size,
        all.slice(state.size - (state.size % 256), state.size),
        disk.readTile,
      );
      expect(disk.reads).toEqual(tilesToRestore(state.size).map(({ level, index }) => `${level}/${index}`));
      expect(sameBytes(treeRoot(sha256, restored), root)).toBe(true);
      expect(restored.size).toBe(state.size);
    }),
    { numRuns: 40 },
  );
});

test("a state stays valid when what was grown from it is thrown away", () => {
  const all = leaves(600);
  const { state } = appendLeaves(sha256, emptyTree, all.slice(0, 255));
  const before = toHex(treeRoot(sha256, state));
  appendLeaves(sha256, state, all.slice(255));
  expect(toHex(treeRoot(sha256, state))).toBe(before);
});

test("every proof of every tree up to 70 leaves holds, and none holds for another leaf, size or root", () => {
  const all = leaves(71);
  const { state } = appendLeaves(sha256, emptyTree, all);
  const read = nodeReader(sha256, state, () => new Uint8Array(0));
  const roots = Array.from({ length: 71 }, (_, size) => definition(all.slice(0, size)));
  const rootAt = (size: number) => roots[size] ?? new Uint8Array(0);
  const leafAt = (index: number) => all[index] ?? new Uint8Array(0);
  for (let size = 1; size <= 70; size++) {
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(sha256, read, index, size);
      expect(verifyInclusion(sha256, leafAt(index), index, size, proof, rootAt(size))).toBe(true);
      expect(verifyInclusion(sha256, leafAt(index + 1), index, size, proof, rootAt(size))).toBe(false);
      expect(verifyInclusion(sha256, leafAt(index), index + 1, size, proof, rootAt(size))).toBe(false);
      expect(verifyInclusion(sha256, leafAt(index), index, size, [...proof, leafAt(0)], rootAt(size))).toBe(false);
      if (proof.length > 0)
        expect(verifyInclusion(sha256, leafAt(index), index, size, proof.slice(1), rootAt(size))).toBe(false);
    }
    for (let from = 0; from <= size; from++) {
      const proof = consistencyProof(sha256, read, from, size);
      expect(verifyConsistency(sha256, from, size, proof, rootAt(from), rootAt(size))).toBe(true);
      expect(verifyConsistency(sha256, from, size, proof, leafAt(70), rootAt(size))).toBe(false);
      if (from > 0) expect(verifyConsistency(sha256, from, size, proof, rootAt(from), leafAt(70))).toBe(false);
      expect(verifyConsistency(sha256, from, size, [...proof, leafAt(0)], rootAt(from), rootAt(size))).toBe(false);
    }
  }
});

test("a range proof gives the root exactly for the leaves of that range", () => {
  const all = leaves(70);
  const { state } = appendLeaves(sha256, emptyTree, all);
  const read = nodeReader(sha256, state, () => new Uint8Array(0));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70 }), fc.nat(70), fc.nat(70), (size, a, b) => {
      const from = Math.min(a, b, size);
      const to = Math.min(Math.max(a, b), size);
      const proof = rangeProof(sha256, read, from, to, size);
      const range = all.slice(from, to);
      const root = toHex(definition(all.slice(0, size)));
      const given = (hashes: readonly Uint8Array[], start: number) => {
        const found = rootFromRange(sha256, hashes, start, size, proof);
        return found === null ? null : toHex(found);
      };
      expect(given(range, from)).toBe(root);
      if (range.length > 0) {
        expect(given(range.slice(1), from)).not.toBe(root);
        expect(given(range.slice(1), from + 1)).not.toBe(root);
        expect(given(range.slice(0, -1), from)).not.toBe(root);
        expect(given([leafHash(sha256, utf8("forged")), ...range.slice(1)], from)).not.toBe(root);
      }
      if (range.length > 1) expect(given([...range].reverse(), from)).not.toBe(root);
    }),
    { numRuns: 300 },
  );
});

test("proofs hold around full tiles and read only the tiles that were announced", () => {
  const all = leaves(65_540 + 256);
  const disk = store();
  const final = disk.write(appendLeaves(sha256, emptyTree, all));
  const states = new Map<number, TreeState>();
  for (const size of [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, all.length]) {
    states.set(size, appendLeaves(sha256, emptyTree, all.slice(0, size)).state);
  }
  const proveWith = <Proof>(build: (read: ReadNode) => Proof): Proof => {
    const announced = new Set(tilesFor(final.size, build).map(({ level, index }) => `${level}/${index}`));
    return build(
      nodeReader(sha256, final, (level, index) => {
        expect(announced).toContain(`${level}/${index}`);
        return disk.readTile(level, index);
      }),
    );
  };
  for (const [size, state] of states) {
    const root = treeRoot(sha256, state);
    for (const index of new Set([0, 1, 254, 255, 256, 257, 511, 65_534, 65_535, 65_536, size - 1])) {
      const leaf = all[index];
      if (index >= size || leaf === undefined) continue;
      const proof = proveWith((read) => inclusionProof(sha256, read, index, size));
      expect(verifyInclusion(sha256, leaf, index, size, proof, root)).toBe(true);
    }
    for (const [from, earlier] of states) {
      if (from > size) continue;
      const proof = proveWith((read) => consistencyProof(sha256, read, from, size));
      expect(verifyConsistency(sha256, from, size, proof, treeRoot(sha256, earlier), root)).toBe(true);
    }
    const proof = proveWith((read) => rangeProof(sha256, read, 200, size, size));
    expect(rootFromRange(sha256, all.slice(200, size), 200, size, proof)).toEqual(root);
  }
});

test("a log beyond 2^32 leaves is addressed without loss", () => {
  const size = 2 ** 40 + 300;
  const level = new Map<number, Uint8Array>([[0, leafHash(sha256, utf8("same"))]]);
  const complete = (height: number): Uint8Array => {
    const known = level.get(height);
    if (known !== undefined) return known;
    const below = complete(height - 1);
    const hash = nodeHash(sha256, below, below);
    level.set(height, hash);
    return hash;
  };
  const read: ReadNode = (height, index) => {
    expect((index + 1) * 2 ** height).toBeLessThanOrEqual(size);
    return complete(height);
  };
  const root = rootFromRange(sha256, [], 0, size, rangeProof(sha256, read, 0, 0, size));
  if (root === null) throw new Error("no root");
  for (const index of [0, 2 ** 33 + 1, 2 ** 40 - 1, 2 ** 40, 2 ** 40 + 299]) {
    const proof = inclusionProof(sha256, read, index, size);
    expect(verifyInclusion(sha256, complete(0), index, size, proof, root)).toBe(true);
    expect(verifyInclusion(sha256, utf8("other"), index, size, proof, root)).toBe(false);
  }
  const proof = consistencyProof(sha256, read, 2 ** 40, size);
  expect(verifyConsistency(sha256, 2 ** 40, size, proof, complete(40), root)).toBe(true);
});

test("a range outside the log is refused, not proved", () => {
  const { state } = appendLeaves(sha256, emptyTree, leaves(5));
  const read = nodeReader(sha256, state, () => new Uint8Array(0));
  expect(() => inclusionProof(sha256, read, 5, 5)).toThrow(RangeError);
  expect(() => inclusionProof(sha256, read, 0, 6)).toThrow(RangeError);
  expect(() => consistencyProof(sha256, read, 6, 5)).toThrow(RangeError);
  expect(() => rangeProof(sha256, read, -1, 2, 5)).toThrow(RangeError);
  expect(() => restoreTree(sha256, 5, leaves(4), () => new Uint8Array(0))).toThrow(RangeError);
});
