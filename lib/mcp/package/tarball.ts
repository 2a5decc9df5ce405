import { Parser, type ReadEntry } from "tar";
import { PackageError } from "#lib/mcp/package/package-error.ts";

/** What a tarball contains, read in memory; nothing is written or executed. Paths are relative to the package's folder. */
export type TarballContents = {
  manifest: Record<string, unknown>;
  paths: string[];
  unpackedBytes: number;
  nativeCode: boolean;
};

/** Bounds of a package: packed and unpacked bytes, number of files, bytes of its package.json. */
export const tarballLimits = {
  packedMax: 50 * 1024 * 1024,
  unpackedMax: 200 * 1024 * 1024,
  filesMax: 20_000,
  manifestMax: 1024 * 1024,
} as const;

/**
 * Lists an npm tarball and reads its package.json. Only plain files and folders under one top folder are accepted.
 * @throws PackageError `hostile_tarball` (links, devices, paths that leave the folder, repeated paths, damaged archive, no package.json), `too_large`
 */
export async function readTarball(tarball: Buffer): Promise<TarballContents> {
  const paths = new Set<string>();
  let unpackedBytes = 0;
  let manifestText = "";
  let refused: PackageError | undefined;

  const parser = new Parser({ maxDecompressionRatio: 200, onReadEntry: (entry) => read(entry) });
  const refuse = (error: PackageError) => {
    refused ??= error;
    parser.abort(error);
  };
  const read = (entry: ReadEntry) => {
    entry.resume();
    if (refused) return;
    const problem = entryProblem(entry);
    if (problem) return refuse(new PackageError("hostile_tarball", problem));
    if (entry.type === "Directory") return;
    const path = entry.path.slice(entry.path.indexOf("/") + 1);
    // Case-insensitive file systems and npm's own stripping of the top folder would make one file of two.
    if (paths.has(path.toLowerCase()))
      return refuse(new PackageError("hostile_tarball", "the same path appears twice"));
    paths.add(path.toLowerCase());
    listed.push(path);
    unpackedBytes += entry.size;
    if (paths.size > tarballLimits.filesMax || unpackedBytes > tarballLimits.unpackedMax) {
      return refuse(new PackageError("too_large", "too many files or too much unpacked data"));
    }
    if (path !== "package.json") return;
    if (entry.size > tarballLimits.manifestMax)
      return refuse(new PackageError("too_large", "package.json is too large"));
    entry.on("data", (part) => {
      manifestText += part.toString("utf8");
    });
  };
  const listed: string[] = [];

  await new Promise<void>((resolve) => {
    parser.on("end", resolve);
    parser.on("error", (cause: Error) => {
      refused ??= new PackageError("hostile_tarball", "the archive is damaged", { cause });
      resolve();
    });
    parser.on("abort", () => resolve());
    parser.on("warn", (code: string) => {
      if (code === "TAR_BAD_ARCHIVE" || code === "TAR_ENTRY_INVALID" || code === "TAR_ABORT") {
        refused ??= new PackageError("hostile_tarball", "the archive is damaged");
      }
    });
    parser.end(tarball);
  });
  if (refused) throw refused;
  const nativeCode = listed.some((path) => /(^|\/)binding\.gyp$|\.(node|so|dylib|dll|exe)$/i.test(path));
  return { manifest: parseManifest(manifestText), paths: listed, unpackedBytes, nativeCode };
}

function entryProblem(entry: ReadEntry): string | undefined {
  if (entry.type !== "File" && entry.type !== "OldFile" && entry.type !== "Directory") {
    return "it contains links, devices or other special entries";
  }
  const path = entry.path;
  const segments = path.replace(/\/$/, "").split("/");
  if (path.startsWith("/") || /^[a-z]:/i.test(path) || path.includes("\\") || hasControl(path)) {
    return "it contains absolute or unusual paths";
  }
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    return "it contains paths that leave its folder";
  }
  if (segments.length < 2 && entry.type !== "Directory") return "it contains files outside its top folder";
  return undefined;
}

function hasControl(path: string): boolean {
  for (const character of path) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x20 || point === 0x7f) return true;
  }
  return false;
}

function parseManifest(text: string): Record<string, unknown> {
  try {
    const manifest: unknown = JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) {
      return manifest as Record<string, unknown>;
    }
  } catch (cause) {
    throw new PackageError("hostile_tarball", "its package.json is not JSON", { cause });
  }
  throw new PackageError("hostile_tarball", "its package.json is not an object");
}
