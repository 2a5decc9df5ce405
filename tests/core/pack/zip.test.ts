import { deflateRawSync, crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "#lib/core/log/bytes.ts";
import { readZip } from "#lib/core/pack/read-zip.ts";
import { centralDirectory, crc32, localHeader, writeZip, ZipError } from "#lib/core/pack/zip.ts";

const files = new Map([
  ["README.txt", utf8("read me")],
  ["log/entries.jsonl", utf8("")],
  ["population/calls.csv", utf8("id\r\n")],
]);
const entry = (path: string, content: Uint8Array) => ({ path, size: content.length, crc32: crc32(content) });

/** An archive from entries in any order and of any name, as an attacker writes it. */
function rawZip(list: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts = list.map(([path, content]) => {
    const safe = path.replaceAll(/[^\w]/g, "x");
    const header = localHeader(entry(safe, content));
    header.set(utf8(path), 30);
    return concatBytes(header, content);
  });
  const records = list.map(([path], i) => {
    const safe = path.replaceAll(/[^\w]/g, "x");
    const [, content] = list[i] ?? ["", new Uint8Array(0)];
    const record = centralDirectory([entry(safe, content)]).slice(0, 46 + safe.length);
    record.set(utf8(path), 46);
    new DataView(record.buffer).setUint32(42, concatBytes(...parts.slice(0, i)).length, true);
    return record;
  });
  const end = centralDirectory([]).slice();
  const view = new DataView(end.buffer);
  view.setUint16(8, list.length, true);
  view.setUint16(10, list.length, true);
  view.setUint32(12, concatBytes(...records).length, true);
  view.setUint32(16, concatBytes(...parts).length, true);
  return concatBytes(...parts, ...records, end);
}

test("what is written is read back, by us and by another reader, and does not depend on the order given", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9.]{0,8}(\/[a-z]{1,5})?$/), fc.uint8Array({ maxLength: 200 })),
      (content) => {
        const given = new Map(Object.entries(content));
        const zip = writeZip(given);
        expect(readZip(zip)).toEqual(new Map([...given].sort(([a], [b]) => (a < b ? -1 : 1))));
        expect(writeZip(new Map([...given].reverse()))).toEqual(zip);
        expect(Object.keys(unzipSync(zip)).sort()).toEqual([...given.keys()].sort());
      },
    ),
    { numRuns: 50 },
  );
  expect(readZip(writeZip(new Map()))).toEqual(new Map());
});

test("CRC-32 is the usual one, at once or piece by piece", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(crc32(concatBytes(a, b))).toBe(zlibCrc32(concatBytes(a, b)));
      expect(crc32(b, crc32(a))).toBe(zlibCrc32(concatBytes(a, b)));
    }),
  );
});

test("headers and directory can be written around streamed contents", () => {
  const list = [...files].map(([path, content]) => entry(path, content));
  const parts = [...files].flatMap(([path, content]) => [localHeader(entry(path, content)), content]);
  expect(concatBytes(...parts, centralDirectory(list))).toEqual(writeZip(files));
});

test("unsafe paths, duplicates and disorder cannot be written", () => {
  for (const path of ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", ".a", "a\\b", "C:a", "a b", "é", "a\u0000b"]) {
    expect(() => writeZip(new Map([[path, utf8("x")]])), path).toThrow(ZipError);
  }
  expect(() => centralDirectory([entry("b", utf8("")), entry("a", utf8(""))])).toThrow(ZipError);
  expect(() => centralDirectory([entry("a", utf8("")), entry("a", utf8(""))])).toThrow(ZipError);
  expect(() => localHeader({ path: "a", size: 2 ** 32, crc32: 0 })).toThrow(ZipError);
});

test("archives with duplicates, unsafe paths, other order, compression or anything hidden are refused", () => {
  const content = utf8("content");
  expect(readZip(rawZip([["a", content]]))).toEqual(new Map([["a", content]]));
  const lists: (readonly [string, Uint8Array])[][] = [
    [
      ["a", content],
      ["a", utf8("other")],
    ],
    [
      ["b", content],
      ["a", content],
    ],
    [["../a", content]],
    [["/a", content]],
    [["a/../../b", content]],
  ];
  for (const list of lists) expect(() => readZip(rawZip(list))).toThrow(ZipError);
  const zip = writeZip(files);
  const patched = (at: number, value: number) => {
    const copy = zip.slice();
    copy[at] = value;
    return copy;
  };
  const deflated = deflateRawSync(content);
  const compressed = localHeader({ path: "a", size: deflated.length, crc32: crc32(content) });
  compressed[8] = 8;
  const hostile = [
    zipSync({ "README.txt": strToU8("read me") }),
    zipSync({ "README.txt": strToU8("read me") }, { level: 0 }),
    concatBytes(compressed, deflated, centralDirectory([entry("a", content)])),
    concatBytes(zip, utf8("x")),
    concatBytes(utf8("x"), zip),
    concatBytes(zip, zip),
    zip.slice(0, -1),
    zip.slice(0, 40),
    patched(14, 0),
    patched(10, 1),
    patched(6, 8),
    patched(zip.length - 2, 1),
    patched(zip.length - 6, 1),
    new Uint8Array(0),
  ];
  for (const [i, archive] of hostile.entries()) expect(() => readZip(archive), `archive ${i}`).toThrow(ZipError);
  const [first] = files;
  if (first === undefined) throw new Error("no file");
  const hidden = concatBytes(localHeader(entry(...first)), first[1], centralDirectory([]));
  expect(() => readZip(hidden)).toThrow(ZipError);
});
