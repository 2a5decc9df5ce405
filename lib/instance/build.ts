import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "#lib/instance/run.ts";
import { processEnvironment } from "#lib/platform/env.ts";

const root = join(import.meta.dirname, "../..");
const sources = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "package-lock.json",
  "package.json",
  "tsconfig.json",
];
const sourceFiles = ["next.config.js", "postcss.config.mjs", "proxy.ts", "instrumentation.ts"];
const generated = join(root, "lib/db/generated");
/** As in next.config.js: several instances may be built from one checkout side by side. */
const buildDir = join(root, processEnvironment().NEXT_DIST_DIR ?? ".next");

/** Generates Prisma's client when the schema is not the one that it was generated from. */
export async function ensureGenerated(env: NodeJS.ProcessEnv): Promise<boolean> {
  const stamp = join(generated, ".schema-digest");
  const digest = await digestOf(["prisma/schema.prisma", "package-lock.json"]);
  if ((await contentOf(stamp)) === digest) return false;
  await run(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], { cwd: root, env });
  await writeFile(stamp, digest);
  return true;
}

/** Builds the web app when a source of it is not what it was built from. */
export async function ensureBuilt(env: NodeJS.ProcessEnv): Promise<boolean> {
  const stamp = join(buildDir, "ambit-build");
  const digest = await digestOf([...sources, ...sourceFiles]);
  if ((await contentOf(stamp)) === digest) return false;
  const next = join(root, "node_modules/next/dist/bin/next");
  await run(process.execPath, [next, "build"], { cwd: root, env: { ...env, NODE_ENV: "production" } });
  await mkdir(buildDir, { recursive: true });
  await writeFile(stamp, digest);
  return true;
}

async function digestOf(paths: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await Promise.all(paths.map(filesOf))).flat().sort()) {
    hash
      .update(`${path}\0`)
      .update(await readFile(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

async function filesOf(path: string): Promise<string[]> {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  const entries = await readdir(full, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.startsWith(generated));
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

async function contentOf(file: string): Promise<string | undefined> {
  return existsSync(file) ? (await readFile(file, "utf8")).trim() : undefined;
}
