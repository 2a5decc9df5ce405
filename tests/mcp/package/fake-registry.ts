import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { create } from "tar";

/** What the registry says and serves for one version; a test changes it to lie. */
export type Published = {
  manifest: Record<string, unknown>;
  dist: Record<string, unknown>;
  time: string | null;
  tarball: Buffer;
};

/** A package registry on loopback, for what no real registry would serve. */
export type FakeRegistry = {
  url: string;
  requests: string[];
  /** Packs a folder of `tests/fixtures/packages` with further files and publishes it. */
  publish(folder: string, files?: Record<string, string>): Promise<Published>;
  publishTarball(manifest: Record<string, unknown>, tarball: Buffer): Published;
  close(): Promise<void>;
};

const fixtures = resolve(import.meta.dirname, "../../fixtures/packages");

export async function startRegistry(): Promise<FakeRegistry> {
  const packages = new Map<string, Published>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const answer = serve(request);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(answer ?? "{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  function serve(request: IncomingMessage): Buffer | string | undefined {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    requests.push(path);
    if (path.startsWith("tarballs/")) return packages.get(path.slice("tarballs/".length))?.tarball;
    const found = packages.get(path);
    if (!found) return undefined;
    const { manifest, dist, time } = found;
    const version = String(manifest.version);
    return JSON.stringify({
      name: path,
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist } },
      time: time === null ? {} : { [version]: time },
      maintainers: [{ name: "publisher" }],
    });
  }

  function publishTarball(manifest: Record<string, unknown>, tarball: Buffer): Published {
    const name = String(manifest.name);
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    const scripts = (manifest.scripts ?? {}) as Record<string, string>;
    const hasInstallScript = ["preinstall", "install", "postinstall"].some((script) => script in scripts);
    const published: Published = {
      manifest: { ...manifest, ...(hasInstallScript ? { hasInstallScript } : {}) },
      dist: { integrity, tarball: `${url}tarballs/${name}` },
      time: "2026-01-15T10:00:00.000Z",
      tarball,
    };
    packages.set(name, published);
    return published;
  }

  return {
    url,
    requests,
    publishTarball,
    async publish(folder, files = {}) {
      const work = await mkdtemp(join(tmpdir(), "ambit-pack-"));
      const source = join(work, "package");
      await cp(join(fixtures, folder), source, { recursive: true });
      for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
      const file = join(work, "package.tgz");
      await create({ gzip: true, file, cwd: work, portable: true }, ["package"]);
      const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
      const published = publishTarball(manifest, await readFile(file));
      await rm(work, { recursive: true });
      return published;
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
