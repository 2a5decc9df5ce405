import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { PackageIdentity, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import {
  callLimits,
  type Forward,
  type UpstreamAnswer,
  UpstreamFailure,
  type UpstreamLeg,
} from "#lib/gateway/upstream/upstream.ts";
import { ChannelError } from "#lib/mcp/channel.ts";
import { readLockfile } from "#lib/mcp/package/lock.ts";
import { pinnedPackage } from "#lib/mcp/package/pinned.ts";
import { takeSnapshot } from "#lib/mcp/snapshot.ts";
import { createStdioPool, PoolRefusal } from "#lib/mcp/stdio/pool.ts";
import { type Launch, LaunchRefused } from "#lib/mcp/stdio/sandbox.ts";
import { CallInterrupted, type StdioSession } from "#lib/mcp/stdio/session.ts";

export type StdioLegOptions = {
  /** Holds `packages/<digest>` (installed and released) and `stdio/<connector id>` (each server's own folder, at `/data` inside). */
  dataDir: string;
  /** Whether the demo's pinned packages may run without a release. */
  isDemo: () => boolean;
  onListChanged: (connectorId: string) => void;
};

/** Servers that run as packages: one supervised process per connector version in the sandbox, shared by its agents. */
export function createStdioLeg({ dataDir, isDemo, onListChanged }: StdioLegOptions): UpstreamLeg {
  const pool = createStdioPool();
  const heard = new WeakSet<StdioSession>();
  const versions = new Set<string>();

  async function sessionOf(target: Target): Promise<StdioSession> {
    const launch = await launchOf(target);
    const session = await pool.session(target.versionId, launch).catch((error: unknown) => {
      const isRefused = error instanceof PoolRefusal || error instanceof LaunchRefused;
      throw new UpstreamFailure(isRefused ? "not_started" : "unreachable", { cause: error });
    });
    versions.add(target.versionId);
    if (!heard.has(session)) {
      heard.add(session);
      session.onListChanged((method) => {
        if (method === "notifications/tools/list_changed") onListChanged(target.connectorId);
      });
    }
    return session;
  }

  async function launchOf({ identity, launch, connectorId }: Target): Promise<Launch> {
    if (identity.transport !== "stdio") throw new UpstreamFailure("not_started");
    const { name, version, argv } = identity.package;
    const pinned = isDemo() ? pinnedPackage(name, version, argv.slice(2)) : null;
    const program = pinned ?? (await installed(identity.package, launch));
    const host = join(dataDir, "stdio", connectorId);
    await mkdir(host, { recursive: true, mode: 0o700 });
    return { program, environment: {}, writable: [{ host, inside: "/data" }] };
  }

  /** The folder that the worker installed for exactly this digest, if its lock file is the one that was reviewed. */
  async function installed({ name, argv, lockDigest }: PackageIdentity, launch: unknown): Promise<Launch["program"]> {
    const known = isJsonObject(launch) && isJsonObject(launch.package) ? launch.package.packageDigest : null;
    const [, path] = argv;
    if (typeof known !== "string" || !/^[0-9a-f]{64}$/.test(known) || path === undefined)
      throw new UpstreamFailure("not_started");
    const folder = join(dataDir, "packages", known);
    const lock = await readFile(join(folder, "package-lock.json"), "utf8").catch((cause: unknown) => {
      throw new UpstreamFailure("not_started", { cause });
    });
    if (readLockfile(lock).digest !== lockDigest) throw new UpstreamFailure("not_started");
    const modules = join(folder, "node_modules");
    return { origin: "installed", packageDigest: known, modules, entry: join(name, path), args: argv.slice(2) };
  }

  async function call(target: Target, { request, signal, mayGo, onProgress }: Forward): Promise<UpstreamAnswer> {
    const session = await sessionOf(target);
    if (signal.aborted || !mayGo()) throw new UpstreamFailure("cancelled");
    try {
      const bounds = { timeoutMs: callLimits.timeoutMs, signal, onProgress };
      const { text, message } = await session.forward(request, bounds);
      return { text, answer: message.answer };
    } catch (error) {
      if (signal.aborted)
        throw new UpstreamFailure(signal.reason === "timeout" ? "timeout" : "cancelled", { cause: error });
      if (error instanceof CallInterrupted && !error.sent) throw new UpstreamFailure("unreachable", { cause: error });
      if (!(error instanceof ChannelError)) throw error;
      const code = error.code === "timeout" || error.code === "too_large" ? error.code : "broken";
      throw new UpstreamFailure(code, { cause: error });
    }
  }

  async function inspect(target: Target): Promise<ServerSnapshot> {
    const session = await sessionOf(target);
    const { identity } = target;
    if (identity.transport !== "stdio") throw new UpstreamFailure("not_started");
    const described = { transport: "stdio", package: identity.package } as const;
    return takeSnapshot(session.channel(), (said) => ({ ...said, ...described })).catch((cause: unknown) => {
      throw new UpstreamFailure("unreachable", { cause });
    });
  }

  return {
    call,
    inspect,
    keep(wanted) {
      for (const versionId of versions) {
        if (wanted.has(versionId)) continue;
        versions.delete(versionId);
        void pool.stop(versionId);
      }
    },
    close: () => pool.close(),
  };
}
