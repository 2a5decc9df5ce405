import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectPackage, type PackageInspection } from "#lib/mcp/package/inspect.ts";
import { installPackage } from "#lib/mcp/package/install.ts";
import { probePackage } from "#lib/mcp/stdio/probe.ts";
import { type FakeRegistry, startRegistry } from "#tests/mcp/package/fake-registry.ts";

let registry: FakeRegistry;
let work: string;
let canary: string;
let inspection: PackageInspection;
let listener: Server;
let received = 0;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "ambit-install-"));
  canary = join(work, "canary");
  registry = await startRegistry();
  listener = createServer((socket) => {
    received += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const address = listener.address();
  const targets = JSON.stringify({ file: canary, port: typeof address === "object" ? address?.port : 0 });
  await registry.publish("dependency", { "targets.json": targets });
  await registry.publish("hostile", { "targets.json": targets });
  inspection = await inspectPackage({ name: "hostile-server", version: "1.0.0", ...bounds() });
});

afterAll(async () => {
  listener.close();
  await registry.close();
  execFileSync("chmod", ["-R", "u+w", work]);
  await rm(work, { recursive: true });
});

function bounds(packages = "packages") {
  const packagesDir = join(work, packages);
  return { packagesDir, cacheDir: join(work, "cache"), registry: registry.url, signal: AbortSignal.timeout(60_000) };
}

describe("installation of a released package", () => {
  it("runs no install script and leaves exactly the inspected tree, read-only, under its digest", async () => {
    const installed = await installPackage(inspection, bounds());
    expect(existsSync(canary)).toBe(false);
    expect(received).toBe(0);
    expect(installed.modules).toBe(join(work, "packages", inspection.packageDigest, "node_modules"));
    expect(installed.entry).toBe("hostile-server/server.mjs");
    expect((await readdir(installed.modules)).sort()).toEqual([
      ".package-lock.json",
      "hostile-dependency",
      "hostile-server",
    ]);
    expect(statSync(join(installed.modules, installed.entry)).mode & 0o222).toBe(0);
    expect(statSync(installed.modules).mode & 0o222).toBe(0);
  });

  it("installs once, also when asked twice at the same time", async () => {
    const [one, two] = await Promise.all([
      installPackage(inspection, bounds("race")),
      installPackage(inspection, bounds("race")),
    ]);
    expect(two).toEqual(one);
    expect(await readdir(join(work, "race"))).toEqual([inspection.packageDigest]);
  });

  it("refuses an inspection whose locked tree, digest or arguments were changed", async () => {
    const other = JSON.parse(inspection.lockfile);
    other.packages["node_modules/hostile-dependency"].integrity = inspection.integrity;
    const changes: Partial<PackageInspection>[] = [
      { lockfile: JSON.stringify(other) },
      { argv: [...inspection.argv, "--all"] },
      { lockDigest: "0".repeat(64) },
      { bin: { name: "x", path: "steal.cjs" } },
    ];
    for (const change of changes) {
      await expect(installPackage({ ...inspection, ...change }, bounds("changed"))).rejects.toMatchObject({
        code: "tampered",
      });
    }
    expect(existsSync(join(work, "changed"))).toBe(false);
  });

  it("refuses a folder whose lock was changed after installation", async () => {
    const installed = await installPackage(inspection, bounds("touched"));
    const lock = join(installed.modules, ".package-lock.json");
    chmodSync(lock, 0o644);
    writeFileSync(lock, readFileSync(lock, "utf8").replace('"1.0.0"', '"1.0.1"').replace("sha512-", "sha512-A"));
    await expect(installPackage(inspection, bounds("touched"))).rejects.toMatchObject({ code: "tampered" });
  });

  it("refuses what the registry serves after inspection under the same version", async () => {
    const published = await registry.publish("dependency", { "targets.json": "{}", "added.js": "" });
    const fresh = { ...bounds("swapped"), cacheDir: join(work, "empty-cache") };
    await expect(installPackage(inspection, fresh)).rejects.toMatchObject({ code: "install_failed" });
    expect(published.dist.integrity).not.toBe(inspection.locked[0]?.integrity);
    expect(await readdir(join(work, "swapped"))).toEqual([]);
  });
});

describe("a real server from the configured registry", () => {
  it("is inspected, installed and asked for its tools inside the sandbox", async () => {
    const { packagesDir, cacheDir, signal } = bounds("real");
    const request = { name: "@modelcontextprotocol/server-memory", version: "2026.8.31", cacheDir, signal };
    const real = await inspectPackage(request);
    expect(real.findings.filter(({ severity }) => severity !== "low")).toEqual([]);
    const program = await installPackage(real, { packagesDir, cacheDir, signal });
    const host = join(work, "memory");
    await mkdir(host);
    const writable = [{ host, inside: "/data" }];
    const environment = { MEMORY_FILE_PATH: "/data/memory.jsonl" };
    const { name, version, integrity, lockDigest, argv } = real;
    const identity = { name, version, integrity, lockDigest, argv };
    const snapshot = await probePackage({ program, environment, writable }, identity, signal);
    expect(snapshot.identity).toMatchObject({ transport: "stdio", package: identity });
    expect(snapshot.capabilities.filter(({ kind }) => kind === "tool").map((tool) => tool.name)).toContain(
      "create_entities",
    );
  });
});
