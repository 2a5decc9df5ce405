import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, ProbeResult, ProbeTarget } from "#lib/contract/probes.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import { escaped } from "#lib/core/inspection/characters.ts";
import type { PackageIdentity } from "#lib/core/inspection/snapshot.ts";
import type { StoredResult } from "#lib/domain/probes/rows.ts";
import { isReleased, type ProbeJob } from "#lib/domain/probes/run.ts";
import { seenResult } from "#lib/jobs/probe-result.ts";
import { ChannelError } from "#lib/mcp/channel.ts";
import { inspectPackage, type PackageInspection } from "#lib/mcp/package/inspect.ts";
import { installPackage } from "#lib/mcp/package/install.ts";
import { PackageError, type PackageFailure } from "#lib/mcp/package/package-error.ts";
import { pinnedPackage } from "#lib/mcp/package/pinned.ts";
import { failureMessages } from "#lib/mcp/probe.ts";
import { probePackage } from "#lib/mcp/stdio/probe.ts";
import { LaunchRefused } from "#lib/mcp/stdio/sandbox.ts";

type PackageTarget = Extract<ProbeTarget, { kind: "package" }>;

/** Where packages and npm's downloads are kept, below the data directory; `packages` has one folder per digest. */
export function packageFolders(dataDir: string): { packagesDir: string; cacheDir: string } {
  return { packagesDir: join(dataDir, "packages"), cacheDir: join(dataDir, "npm-cache") };
}

/** What a person can do about each failure of a package. */
const messages: Readonly<Record<PackageFailure | LaunchRefused["code"], string>> = {
  invalid_name: "This is not the name of an npm package.",
  invalid_version: "Give one exact version, such as 1.4.2; no range and no tag.",
  invalid_arguments: "There are too many arguments, or one is too long.",
  not_found: "The registry has no such package in this version. Check name and version.",
  registry_unreachable: "The package registry did not answer. Try again later, or ask an administrator.",
  integrity_mismatch:
    "The registry served another file than it announced. Do not use this package; tell its publisher.",
  too_large: "The package or its dependencies are larger than Ambit accepts.",
  hostile_tarball: "The package's archive is built to attack whoever unpacks it. Do not use it.",
  lock_failed: "The package's dependencies could not be resolved. Ask its publisher to correct them.",
  no_executable: "The package declares no command that could be started.",
  tampered: "What was installed is no longer what was inspected. Inspect the package again.",
  install_failed: "The inspected package could not be installed. Inspect it again.",
  no_sandbox:
    "No sandbox isolates a package on this machine, so it is not started. An administrator can install bubblewrap.",
  invalid_launch: "The package cannot be started with these arguments.",
};

/**
 * Inspects a package without executing any of it; goes on to its live part in the sandbox only where exactly this digest was released,
 * or for the demo's own pinned packages on a demo instance (invariant 14).
 */
export async function probePackageTarget(
  job: ProbeJob,
  target: PackageTarget,
  dataDir: string,
  signal: AbortSignal,
): Promise<StoredResult> {
  try {
    const bounds = { ...packageFolders(dataDir), signal };
    const inspection = inspectedBefore(job) ?? (await inspectPackage({ ...target, ...bounds }));
    const pinned = job.isDemo ? pinnedPackage(target.name, target.version, target.args) : null;
    const released = await isReleased(inspection.packageDigest);
    const facts = factsOf(inspection, released);
    const found = findingsOf(inspection);
    const kept = { inspection: inspection as unknown as JsonObject };
    if (pinned === null && !released) return { outcome: "inspected", package: facts, findings: found, ...kept };
    const program = pinned ?? (await installPackage(inspection, bounds));
    const identity = identityOf(inspection);
    const snapshot = await inScratchFolder((host) =>
      probePackage({ program, environment: {}, writable: [{ host, inside: "/data" }] }, identity, signal),
    );
    const launch = { package: { ...identity }, args: target.args, packageDigest: inspection.packageDigest };
    return { ...seenResult(snapshot, facts, found), ...kept, launch };
  } catch (error) {
    if (error instanceof PackageError || error instanceof LaunchRefused) {
      return { outcome: "failed", code: error.code, message: messages[error.code] };
    }
    if (!(error instanceof ChannelError)) throw error;
    const message = stdioMessages[error.code] ?? failureMessages[error.code];
    return { outcome: "failed", code: error.code, message };
  }
}

const stdioMessages: Partial<Record<ChannelError["code"], string>> = {
  unreachable: "The package's server ended before it answered. Check its arguments and what it needs to start.",
  not_mcp: "The package's command starts, but does not speak MCP over stdio.",
};

/** The second half rests on the very inspection that was released, not on a new one. */
function inspectedBefore({ earlier }: ProbeJob): PackageInspection | null {
  return earlier?.outcome === "inspected" && earlier.inspection !== undefined
    ? (earlier.inspection as unknown as PackageInspection)
    : null;
}

function identityOf({ name, version, integrity, lockDigest, argv }: PackageInspection): PackageIdentity {
  return { name, version, integrity, lockDigest, argv };
}

function factsOf(
  inspection: PackageInspection,
  released: boolean,
): Extract<ProbeResult, { outcome: "inspected" }>["package"] {
  const { name, version, integrity, lockDigest, packageDigest, publishedAt, unpackedBytes, provenance, argv } =
    inspection;
  return {
    ...{ name, version, integrity, lockDigest, packageDigest, publishedAt, unpackedBytes, provenance, argv, released },
    fileCount: inspection.files,
    dependencyCount: inspection.locked.filter(({ path }) => path !== `node_modules/${name}`).length,
    scripts: inspection.installScripts,
  };
}

function findingsOf({ name, findings }: PackageInspection): Finding[] {
  return findings.map(({ code, severity, subject, advice }) => ({
    code,
    severity,
    where: { kind: "package", name, path: "" },
    evidence: escaped(subject.join(", ")),
    whatToDo: advice,
  }));
}

/** A folder of its own at /data, for servers that insist on one; gone afterwards. */
async function inScratchFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "ambit-probe-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
