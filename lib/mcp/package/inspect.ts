import { hash } from "node:crypto";
import { canonicalize } from "#lib/core/canonical.ts";
import { installScripts, type PackageFinding, packageFindings } from "#lib/mcp/package/findings.ts";
import { type LockedPackage, lockTree } from "#lib/mcp/package/lock.ts";
import { registryUrl } from "#lib/mcp/package/npm.ts";
import { PackageError } from "#lib/mcp/package/package-error.ts";
import { downloadTarball, readMetadata, stringsOf } from "#lib/mcp/package/registry.ts";
import { readTarball, type TarballContents, tarballLimits } from "#lib/mcp/package/tarball.ts";
import { type Clock, systemClock } from "#lib/platform/clock.ts";

/** What to inspect. `args` are the arguments that the server will be started with; they are part of the digest. */
export type InspectionRequest = {
  name: string;
  version: string;
  args?: string[];
  /** Which command to start when the package declares several; default: the one named like the package. */
  command?: string;
  /** The `name` of the server.json that the request came from, compared with the package's `mcpName`. */
  expectedMcpName?: string;
  /** Base address; default: AMBIT_NPM_REGISTRY, then npm's configuration. */
  registry?: string;
  /** npm's download cache; kept between runs. */
  cacheDir: string;
  signal: AbortSignal;
  clock?: Clock;
};

/** The command that a package is started by: its name and its file inside the package. */
export type PackageCommand = { name: string; path: string };

/** What the digest of a package covers. */
export type PinnedContent = {
  name: string;
  version: string;
  integrity: string;
  lockDigest: string;
  bin: PackageCommand | null;
  argv: string[];
};

/** All that is known about an exact package version without running any of it. Plain JSON; digests are lower-case hex SHA-256. */
export type PackageInspection = PinnedContent & {
  packageDigest: string;
  publishedAt: string | null;
  maintainers: number | null;
  deprecated: boolean;
  signed: boolean;
  provenance: boolean;
  packedBytes: number;
  unpackedBytes: number;
  files: number;
  installScripts: string[];
  engines: Record<string, string>;
  mcpName: string | null;
  dependencies: Record<string, string>;
  locked: LockedPackage[];
  lockfile: string;
  findings: PackageFinding[];
};

/**
 * Inspects an exact package version: registry metadata, tarball, locked dependency tree. Executes nothing of the package
 * (invariant 14: nothing that has not been reviewed runs).
 * @throws PackageError with a closed code
 */
export async function inspectPackage(request: InspectionRequest): Promise<PackageInspection> {
  const { name, version, args = [], cacheDir, signal } = request;
  checkRequest(name, version, args);
  const registry = await registryUrl(request.registry);
  const metadata = await readMetadata(registry, name, version, signal);
  const { integrity } = metadata;
  const tarball = await downloadTarball(metadata.tarballUrl, integrity, tarballLimits.packedMax, signal);
  const contents = await readTarball(tarball);
  const { manifest } = contents;
  if (manifest.name !== name || manifest.version !== version) {
    throw new PackageError("hostile_tarball", "the tarball contains another package than the registry names");
  }
  const tree = await lockTree(name, version, { registry, cacheDir, signal });
  if (tree.packages.find(({ path }) => path === `node_modules/${name}`)?.integrity !== integrity) {
    throw new PackageError("integrity_mismatch", "the locked tree names another tarball than the one inspected");
  }
  const bin = chooseCommand(contents, name, request.command);
  const argv = bin ? ["node", bin.path, ...args] : [];
  const pinned: PinnedContent = { name, version, integrity, lockDigest: tree.digest, bin, argv };
  return {
    ...pinned,
    packageDigest: digestOf(pinned),
    publishedAt: metadata.publishedAt,
    maintainers: metadata.maintainers,
    deprecated: metadata.deprecated,
    signed: metadata.signed,
    provenance: metadata.provenance,
    packedBytes: tarball.byteLength,
    unpackedBytes: contents.unpackedBytes,
    files: contents.paths.length,
    installScripts: installScripts(contents),
    engines: stringsOf(manifest.engines),
    mcpName: typeof manifest.mcpName === "string" ? manifest.mcpName : null,
    dependencies: stringsOf(manifest.dependencies),
    locked: tree.packages,
    lockfile: tree.lockfile,
    findings: packageFindings({
      metadata,
      contents,
      locked: tree.packages,
      name,
      hasExecutable: bin !== null,
      expectedMcpName: request.expectedMcpName,
      now: (request.clock ?? systemClock)(),
    }),
  };
}

/** The digest that a platform reviewer releases: SHA-256 over the RFC 8785 form of what is pinned, hex. */
export function digestOf({ name, version, integrity, lockDigest, bin, argv }: PinnedContent): string {
  return hash("sha256", canonicalize({ name, version, integrity, lockDigest, bin, argv }), "hex");
}

const packageName = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
const numeric = "(?:0|[1-9]\\d*)";
const identifier = `(?:${numeric}|\\d*[a-zA-Z-][a-zA-Z0-9-]*)`;
const exactVersion = new RegExp(`^${numeric}\\.${numeric}\\.${numeric}(?:-${identifier}(?:\\.${identifier})*)?$`);
const argumentsMax = 64;
const argumentMax = 4096;

function checkRequest(name: string, version: string, args: readonly string[]): void {
  if (name.length > 214 || !packageName.test(name) || name === "node_modules") {
    throw new PackageError("invalid_name", "not the name of an npm package");
  }
  if (version.length > 256 || !exactVersion.test(version)) {
    throw new PackageError("invalid_version", "an exact version is needed, such as 1.4.2; no range, tag or address");
  }
  if (args.length > argumentsMax || args.some((one) => one.length > argumentMax || one.includes("\0"))) {
    throw new PackageError("invalid_arguments", "too many or too long arguments");
  }
}

// What `npx` would start: the only command, else the one named like the package.
function chooseCommand({ manifest, paths }: TarballContents, name: string, command?: string): PackageCommand | null {
  const short = name.slice(name.indexOf("/") + 1);
  const declared = typeof manifest.bin === "string" ? { [short]: manifest.bin } : stringsOf(manifest.bin);
  const names = Object.keys(declared);
  const chosen = command ?? (names.length === 1 ? names[0] : short);
  const path = chosen === undefined ? undefined : declared[chosen]?.replace(/^(?:\.\/)+/, "");
  return chosen !== undefined && path !== undefined && paths.includes(path) ? { name: chosen, path } : null;
}
