import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Header, type HeaderData } from "tar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InspectionRequest, inspectPackage } from "#lib/mcp/package/inspect.ts";
import { type FakeRegistry, startRegistry } from "#tests/mcp/package/fake-registry.ts";

let registry: FakeRegistry;
let work: string;
let canary: string;
let listener: Server;
let received = 0;

beforeAll(async () => {
  registry = await startRegistry();
  work = await mkdtemp(join(tmpdir(), "ambit-inspect-"));
  canary = join(work, "canary");
  listener = createServer((socket) => {
    received += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const address = listener.address();
  const targets = JSON.stringify({ file: canary, port: typeof address === "object" ? address?.port : 0 });
  await registry.publish("dependency", { "targets.json": targets });
  await registry.publish("hostile", { "targets.json": targets });
});

afterAll(async () => {
  await registry.close();
  listener.close();
  await rm(work, { recursive: true, force: true });
});

function inspect(request: Partial<InspectionRequest>) {
  const bounds = { cacheDir: join(work, "cache"), signal: AbortSignal.timeout(60_000), registry: registry.url };
  return inspectPackage({ name: "hostile-server", version: "1.0.0", ...bounds, ...request });
}

const plain = { name: "plain-server", version: "1.0.0", bin: "index.js" };

function archive(entries: { header: HeaderData; body?: string }[]): Buffer {
  const blocks = entries.flatMap(({ header, body = "" }) => {
    const head = Buffer.alloc(512);
    new Header({ mode: 0o644, type: "File", size: Buffer.byteLength(body), ...header }).encode(head, 0);
    const content = Buffer.alloc(Math.ceil(Buffer.byteLength(body) / 512) * 512);
    content.write(body);
    return [head, content];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function packed(...extra: { header: HeaderData; body?: string }[]): Buffer {
  const manifest = { header: { path: "package/package.json" }, body: JSON.stringify(plain) };
  return archive([manifest, { header: { path: "package/index.js" }, body: "" }, ...extra]);
}

describe("inspection of a hostile package", () => {
  it("executes nothing of it: no install script, its own or a dependency's, runs", async () => {
    const inspection = await inspect({ args: ["--root", "/data"] });
    expect(existsSync(canary)).toBe(false);
    expect(received).toBe(0);
    expect(inspection.installScripts).toEqual(["preinstall", "install", "postinstall", "prepare"]);
    expect(inspection.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["install_script", "dependency_install_script", "single_maintainer", "no_provenance"]),
    );
    expect(inspection.locked).toEqual([
      expect.objectContaining({ path: "node_modules/hostile-dependency", hasInstallScript: true }),
      expect.objectContaining({ path: "node_modules/hostile-server", integrity: inspection.integrity }),
    ]);
    expect(inspection.argv).toEqual(["node", "server.mjs", "--root", "/data"]);
  });

  it("gives the same digest for the same package and another one for other arguments", async () => {
    const [one, same, other] = [await inspect({}), await inspect({}), await inspect({ args: ["--all"] })];
    expect(one.packageDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(same.packageDigest).toBe(one.packageDigest);
    expect(other.packageDigest).not.toBe(one.packageDigest);
  });

  it("never follows a dependency to an address, a repository or a folder", async () => {
    const address = listener.address();
    const port = typeof address === "object" ? address?.port : 0;
    const sources = [`http://127.0.0.1:${port}/x.tgz`, `git+http://127.0.0.1:${port}/x.git`, "file:/etc"];
    for (const source of sources) {
      const manifest = { ...plain, dependencies: { other: source } };
      const body = JSON.stringify(manifest);
      const files = [{ header: { path: "package/package.json" }, body }, { header: { path: "package/index.js" } }];
      registry.publishTarball(manifest, archive(files));
      await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "lock_failed" });
    }
    expect(received).toBe(0);
  });
});

describe("names and versions", () => {
  it.each([
    "../x",
    "@a/b/c",
    "UPPER",
    "a b",
    "-x",
    "http://host/x",
    "git+ssh://x",
    "x@npm:y",
    "",
    "a".repeat(215),
    ".x",
    "@/x",
  ])("refuses %j as a name without asking the registry", async (name) => {
    const before = registry.requests.length;
    await expect(inspect({ name })).rejects.toMatchObject({ code: "invalid_name" });
    expect(registry.requests.length).toBe(before);
  });

  it.each([
    "latest",
    "^1.0.0",
    "1.x",
    "*",
    "",
    "v1.0.0",
    "=1.0.0",
    "1.0",
    "1.0.0 || 2.0.0",
    "01.0.0",
    "npm:x@1.0.0",
    "file:x",
  ])("refuses %j as a version", async (version) => {
    await expect(inspect({ version })).rejects.toMatchObject({ code: "invalid_version" });
  });

  it("says not_found for an unknown package and for an unknown version", async () => {
    await expect(inspect({ name: "nobody-knows-this" })).rejects.toMatchObject({ code: "not_found" });
    await expect(inspect({ version: "9.9.9" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("says registry_unreachable when the registry does not answer", async () => {
    await expect(inspect({ registry: "http://127.0.0.1:9/" })).rejects.toMatchObject({ code: "registry_unreachable" });
  });
});

describe("tarballs", () => {
  it("refuses a tarball that is not the one the registry names", async () => {
    const published = registry.publishTarball(plain, packed());
    published.tarball = packed({ header: { path: "package/added.js" } });
    await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "integrity_mismatch" });
  });

  it("refuses a version without SHA-512 and a tarball on another host", async () => {
    const published = registry.publishTarball(plain, packed());
    const { integrity } = published.dist;
    published.dist.integrity = "sha1-qUiEBzVvZ1VpZWs5bG9uZ2Vub3VnaA==";
    await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "integrity_mismatch" });
    published.dist = { integrity, tarball: "http://169.254.169.254/latest" };
    await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "hostile_tarball" });
  });

  const link: HeaderData = { path: "package/link", type: "SymbolicLink", linkpath: "/etc/passwd" };
  it.each<[string, Buffer]>([
    ["a symbolic link", packed({ header: link })],
    ["a hard link", packed({ header: { ...link, type: "Link", linkpath: "package/index.js" } })],
    ["a device", packed({ header: { path: "package/device", type: "CharacterDevice" } })],
    ["a path that leaves the folder", packed({ header: { path: "package/../../escape" } })],
    ["an absolute path", packed({ header: { path: "/etc/cron.d/x" } })],
    ["a backslash path", packed({ header: { path: "package\\..\\x" } })],
    ["one path twice", packed({ header: { path: "other/package.json" }, body: "{}" })],
    ["a file outside the top folder", packed({ header: { path: "loose" } })],
    ["no package.json", archive([{ header: { path: "package/index.js" } }])],
    ["another package's package.json", archive([{ header: { path: "package/package.json" }, body: '{"name":"x"}' }])],
    ["a package.json that is no JSON", archive([{ header: { path: "package/package.json" }, body: "{" }])],
    ["no archive at all", Buffer.from("this is no archive")],
  ])("refuses %s", async (_what, tarball) => {
    registry.publishTarball(plain, tarball);
    await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "hostile_tarball" });
  });

  it("gives up on a package that unpacks to too much", async () => {
    const huge = packed({ header: { path: "package/huge", size: 3 * 1024 ** 3 } });
    registry.publishTarball(plain, huge);
    await expect(inspect({ name: plain.name })).rejects.toMatchObject({ code: "too_large" });
  });
});

describe("findings", () => {
  it("points out what the registry hides, a young version, a deprecation, native code and an imitated name", async () => {
    const published = registry.publishTarball(plain, packed({ header: { path: "package/binding.gyp" } }));
    published.manifest = { ...plain, deprecated: "old", dependencies: { "hostile-dependency": "1.0.0" } };
    const clock = () => new Date("2026-01-16T00:00:00Z");
    const inspection = await inspect({ name: plain.name, clock, expectedMcpName: "io.example/plain" });
    const high = inspection.findings.filter(({ severity }) => severity === "high").map(({ code }) => code);
    expect(high.sort()).toEqual([
      "install_script",
      "manifest_differs",
      "native_code",
      "published_recently",
      "registry_name_mismatch",
    ]);
    expect(inspection.findings).toContainEqual(expect.objectContaining({ code: "deprecated", severity: "medium" }));
  });
});
