import { hash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalize } from "#lib/core/canonical.ts";
import { runNpm } from "#lib/mcp/package/npm.ts";
import { PackageError } from "#lib/mcp/package/package-error.ts";

/** One package of a locked tree. `path` is its place in the tree (it decides who sees which version); `integrity` is an SRI string. */
export type LockedPackage = {
  path: string;
  name: string;
  version: string;
  integrity: string;
  hasInstallScript: boolean;
};

/** A whole locked tree: the list, its digest (SHA-256 of the list's RFC 8785 form, hex) and npm's own file to install from. */
export type LockedTree = { packages: LockedPackage[]; digest: string; lockfile: string };

const packagesMax = 3_000;

/**
 * Resolves the full dependency tree of one exact version without downloading or running any of it (`npm install --package-lock-only`).
 * @throws PackageError `lock_failed`, `too_large`
 */
export async function lockTree(
  name: string,
  version: string,
  bounds: { registry: string; cacheDir: string; signal: AbortSignal },
): Promise<LockedTree> {
  const directory = await mkdtemp(join(tmpdir(), "ambit-lock-"));
  try {
    await writeFile(join(directory, "package.json"), rootManifest(name, version));
    await runNpm({ ...bounds, directory, args: ["install", "--package-lock-only"] });
    return readLockfile(await readFile(join(directory, "package-lock.json"), "utf8"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The package.json of the folder that a tree is locked and installed in: nothing but the one exact version. */
export function rootManifest(name: string, version: string): string {
  return `${JSON.stringify({ name: "ambit-package", private: true, dependencies: { [name]: version } }, null, 2)}\n`;
}

/**
 * Reads a package-lock.json (lockfileVersion 3) into its canonical list.
 * @throws PackageError `lock_failed` when anything in it comes from elsewhere than the registry or has no SHA-512; `too_large`
 */
export function readLockfile(lockfile: string): LockedTree {
  const { packages: entries } = parseLock(lockfile);
  const packages = Object.entries(entries)
    .filter(([path]) => path !== "")
    .filter(([, entry]) => entry.inBundle !== true)
    .map(([path, entry]) => lockedPackage(path, entry))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (packages.length > packagesMax) throw new PackageError("too_large", `more than ${packagesMax} dependencies`);
  return { packages, digest: hash("sha256", canonicalize(packages), "hex"), lockfile };
}

type LockEntry = Record<string, unknown>;

function parseLock(lockfile: string): { packages: Record<string, LockEntry> } {
  const lock = JSON.parse(lockfile) as { lockfileVersion?: unknown; packages?: Record<string, LockEntry> };
  if (lock.lockfileVersion !== 3 || typeof lock.packages !== "object") {
    throw new PackageError("lock_failed", "npm wrote a lock file of an unknown version");
  }
  return { packages: lock.packages };
}

// Registry packages are locked without an address, so an address means git, a folder or a foreign host.
function lockedPackage(path: string, entry: LockEntry): LockedPackage {
  const { version, integrity } = entry;
  if (entry.link === true || entry.resolved !== undefined) {
    throw new PackageError("lock_failed", "a dependency comes from elsewhere than the registry");
  }
  if (!/^node_modules\//.test(path) || path.split("/").includes("..") || typeof version !== "string") {
    throw new PackageError("lock_failed", "npm wrote an unusual lock file");
  }
  if (typeof integrity !== "string" || !integrity.startsWith("sha512-")) {
    throw new PackageError("lock_failed", "a dependency has no SHA-512 integrity");
  }
  const name = typeof entry.name === "string" ? entry.name : path.slice(path.lastIndexOf("node_modules/") + 13);
  return { path, name, version, integrity, hasInstallScript: entry.hasInstallScript === true };
}
