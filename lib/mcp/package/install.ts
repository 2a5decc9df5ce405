import { hash } from "node:crypto";
import { chmod, mkdir, mkdtemp, opendir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, type PackageInspection } from "#lib/mcp/package/inspect.ts";
import { readLockfile, rootManifest } from "#lib/mcp/package/lock.ts";
import { registryUrl, runNpm } from "#lib/mcp/package/npm.ts";
import { PackageError } from "#lib/mcp/package/package-error.ts";

/** A package on disk, ready to be started in a sandbox: its node_modules folder (read-only), the file to start, relative to that, and the arguments. */
export type InstalledPackage = {
  origin: "installed";
  packageDigest: string;
  modules: string;
  entry: string;
  args: string[];
};

/** Where packages live (one folder per digest) and how to reach the registry. */
export type InstallBounds = { packagesDir: string; cacheDir: string; registry?: string; signal: AbortSignal };

/**
 * Installs exactly the inspected tree (`npm ci`, no script runs) into `<packagesDir>/<packageDigest>`, once; later calls verify what is there.
 * The caller has made sure that a platform reviewer released this digest.
 * @throws PackageError `tampered` when inspection, lock or folder do not match the digest; `no_executable`; `install_failed`
 */
export async function installPackage(inspection: PackageInspection, bounds: InstallBounds): Promise<InstalledPackage> {
  const { bin } = inspection;
  if (!bin) throw new PackageError("no_executable", "the package declares no command that can be started");
  verifyInspection(inspection);
  await mkdir(bounds.packagesDir, { recursive: true, mode: 0o700 });
  const directory = join(bounds.packagesDir, inspection.packageDigest);
  if (!(await exists(directory))) await installFresh(inspection, directory, bounds);
  await verifyFolder(inspection, directory);
  const modules = join(directory, "node_modules");
  const entry = join(inspection.name, bin.path);
  if (!(await exists(join(modules, entry)))) throw new PackageError("tampered", "the command's file is missing");
  const { packageDigest } = inspection;
  return { origin: "installed", packageDigest, modules, entry, args: inspection.argv.slice(2) };
}

function verifyInspection(inspection: PackageInspection): void {
  const tree = readLockfile(inspection.lockfile);
  if (tree.digest !== inspection.lockDigest || digestOf(inspection) !== inspection.packageDigest) {
    throw new PackageError("tampered", "the locked tree is not the one that was inspected");
  }
}

// The rename at the end makes a half-finished installation invisible; two at once end with one of them.
async function installFresh(inspection: PackageInspection, directory: string, bounds: InstallBounds): Promise<void> {
  const { packagesDir, cacheDir, signal } = bounds;
  const work = await mkdtemp(join(packagesDir, "installing-"));
  try {
    await writeFile(join(work, "package.json"), rootManifest(inspection.name, inspection.version));
    await writeFile(join(work, "package-lock.json"), inspection.lockfile);
    const registry = await registryUrl(bounds.registry);
    await runNpm({ args: ["ci", "--omit=dev"], directory: work, cacheDir, registry, signal }).catch(
      (cause: unknown) => {
        throw new PackageError("install_failed", "npm could not install the locked tree", { cause });
      },
    );
    await verifyFolder(inspection, work);
    await makeReadOnly(work);
    await rename(work, directory).catch(async (cause: unknown) => {
      if (!(await exists(directory))) throw cause;
    });
  } finally {
    if (await exists(work)) await remove(work);
  }
}

// npm leaves what it really unpacked in node_modules/.package-lock.json: a subset (other platforms' parts are skipped) of the lock.
async function verifyFolder(inspection: PackageInspection, directory: string): Promise<void> {
  const lockfile = await readFile(join(directory, "package-lock.json"), "utf8").catch(() => "");
  if (hash("sha256", lockfile, "hex") !== hash("sha256", inspection.lockfile, "hex")) {
    throw new PackageError("tampered", "the installed lock file is not the inspected one");
  }
  const unpacked = await readFile(join(directory, "node_modules/.package-lock.json"), "utf8").catch(() => "");
  const locked = new Map(inspection.locked.map((one) => [one.path, one.integrity]));
  if (unpacked === "" || readLockfile(unpacked).packages.some((one) => locked.get(one.path) !== one.integrity)) {
    throw new PackageError("tampered", "what was unpacked is not the inspected tree");
  }
}

async function makeReadOnly(directory: string): Promise<void> {
  for await (const entry of await opendir(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadOnly(path);
    else if (entry.isFile()) await chmod(path, 0o444);
    else throw new PackageError("tampered", "the installed tree contains links or special files");
  }
  await chmod(directory, 0o555);
}

/** Removes a read-only tree. */
async function remove(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for await (const entry of await opendir(directory)) {
    if (entry.isDirectory()) await remove(join(directory, entry.name));
  }
  await rm(directory, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
