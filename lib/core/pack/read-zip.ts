import { sameBytes, utf8Text } from "#lib/core/log/bytes.ts";
import { centralDirectory, crc32, localHeader, type ZipEntry, ZipError } from "#lib/core/pack/zip.ts";

const localSignature = 0x04034b50;

/** Whether a file begins as a zip archive does; what does not was never an evidence pack. */
export function isZip(file: Uint8Array): boolean {
  return file.length >= 4 && new DataView(file.buffer, file.byteOffset, 4).getUint32(0, true) === localSignature;
}

/**
 * The files of an archive that is, byte for byte, what `writeZip` writes for them. So there is no room for compression, duplicates,
 * hidden or overlapping content, `..`, comments, or headers that disagree.
 * @throws {ZipError} for anything else
 */
export function readZip(archive: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const files = new Map<string, Uint8Array>();
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 30 <= archive.length && view.getUint32(at, true) === localSignature) {
    const start = at + 30 + view.getUint16(at + 26, true);
    const end = start + view.getUint32(at + 22, true);
    if (end > archive.length) throw new ZipError("The archive is cut off");
    const path = pathOf(archive.subarray(at + 30, start));
    const content = archive.subarray(start, end);
    const entry = { path, size: content.length, crc32: crc32(content) };
    if (!sameBytes(archive.subarray(at, start), localHeader(entry))) {
      throw new ZipError(`The header of ${path} is not that of its stored content`);
    }
    entries.push(entry);
    files.set(path, content);
    at = end;
  }
  if (!sameBytes(archive.subarray(at), centralDirectory(entries))) {
    throw new ZipError("The directory of the archive is not that of its files");
  }
  return files;
}

function pathOf(name: Uint8Array): string {
  try {
    return utf8Text(name);
  } catch {
    throw new ZipError("A path is not UTF-8");
  }
}
