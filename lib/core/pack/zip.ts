import { concatBytes, utf8 } from "#lib/core/log/bytes.ts";

/** A stored (uncompressed) file of an archive, described before its content is written. `crc32` as {@link crc32} gives it. */
export type ZipEntry = { readonly path: string; readonly size: number; readonly crc32: number };

/** An archive that cannot be written, or that is not exactly as {@link writeZip} writes it. */
export class ZipError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ZipError";
  }
}

const safePath = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
const version = 20;
const madeByUnix = (3 << 8) | version;
const date1980 = 0x0021;
const regularFile0644 = 0x81a40000;

/**
 * CRC-32 of some bytes (ISO 3309).
 * @param previous the result for the bytes before these, to go through a file piece by piece
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Whether a path may be in an archive: relative, of `A-Z a-z 0-9 _ . -`, no part starting with a dot. */
export function isSafePath(path: string): boolean {
  return safePath.test(path) && path.length <= 255;
}

/**
 * The local file header that precedes a file's content. Fixed date, no compression, no extra fields: same input, same bytes.
 * @throws {ZipError} for an unsafe path or a file of 4 GiB and more
 */
export function localHeader(entry: ZipEntry): Uint8Array {
  const name = nameOf(entry);
  return fields([0x04034b50, 4], ...common(entry, name), [name]);
}

/**
 * The end of an archive: its central directory and the record that closes it.
 * @param entries the files in the order in which their headers and contents were written, from the archive's first byte
 * @throws {ZipError} when paths are not ascending and unique, or the archive exceeds 65,534 files or 4 GiB
 */
export function centralDirectory(entries: readonly ZipEntry[]): Uint8Array {
  const records: Uint8Array[] = [];
  let offset = 0;
  let previous = "";
  for (const entry of entries) {
    if (entry.path <= previous) throw new ZipError(`${entry.path} comes twice or out of order`);
    previous = entry.path;
    const name = nameOf(entry);
    const attributes: Field[] = [
      [0, 2],
      [0, 2],
      [0, 2],
      [regularFile0644, 4],
      [offset, 4],
    ];
    records.push(fields([0x02014b50, 4], [madeByUnix, 2], ...common(entry, name), ...attributes, [name]));
    offset += 30 + name.length + entry.size;
  }
  const directory = concatBytes(...records);
  if (entries.length > 65_534 || offset + directory.length > 0xfffffffe) throw new ZipError("The archive is too large");
  const counts: Field[] = [
    [entries.length, 2],
    [entries.length, 2],
    [directory.length, 4],
    [offset, 4],
  ];
  return concatBytes(directory, fields([0x06054b50, 4], [0, 2], [0, 2], ...counts, [0, 2]));
}

/**
 * A whole archive in memory, files sorted by path.
 * @throws {ZipError} as {@link localHeader} and {@link centralDirectory}
 */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted.map(([path, content]) => ({ path, size: content.length, crc32: crc32(content) }));
  const parts = sorted.flatMap(([, content], i) => {
    const entry = entries[i];
    return entry === undefined ? [] : [localHeader(entry), content];
  });
  return concatBytes(...parts, centralDirectory(entries));
}

type Field = readonly [value: number, bytes: 2 | 4] | readonly [raw: Uint8Array];

function common(entry: ZipEntry, name: Uint8Array): Field[] {
  const sizes: Field[] = [
    [entry.crc32, 4],
    [entry.size, 4],
    [entry.size, 4],
  ];
  return [[version, 2], [0, 2], [0, 2], [0, 2], [date1980, 2], ...sizes, [name.length, 2], [0, 2]];
}

function fields(...list: readonly Field[]): Uint8Array {
  return concatBytes(
    ...list.map(([value, bytes]) => {
      if (typeof value !== "number") return value;
      const raw = new Uint8Array(bytes ?? 0);
      for (let i = 0; i < raw.length; i++) raw[i] = value >>> (8 * i);
      return raw;
    }),
  );
}

function nameOf({ path, size }: ZipEntry): Uint8Array {
  if (!isSafePath(path)) throw new ZipError(`${JSON.stringify(path)} is not a safe path`);
  if (size > 0xfffffffe) throw new ZipError(`${path} is too large`);
  return utf8(path);
}
