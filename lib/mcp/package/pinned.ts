import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { stringsOf } from "#lib/mcp/package/registry.ts";

declare const ours: unique symbol;

/**
 * A package that is pinned in Ambit's own lock file for the demo: reviewed by whoever reviews Ambit's dependencies.
 * `modules` is a node_modules folder, `entry` the file to start, relative to it. Only `pinnedPackage` makes one; only these may start where no sandbox exists (invariant 14).
 */
export type PinnedPackage = {
  origin: "pinned";
  name: string;
  version: string;
  modules: string;
  entry: string;
  args: string[];
  readonly [ours]: true;
};

const pinnedNames = [
  "@modelcontextprotocol/server-everything",
  "@modelcontextprotocol/server-filesystem",
  "@modelcontextprotocol/server-memory",
] as const;

/** The demo's pinned package of that name and version out of Ambit's own node_modules; null for any other. */
export function pinnedPackage(name: string, version: string, args: readonly string[]): PinnedPackage | null {
  const pinned = pinnedNames.find((one) => one === name);
  if (!pinned) return null;
  const manifestPath = createRequire(import.meta.url).resolve(`${pinned}/package.json`);
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as { version?: unknown; bin?: unknown };
  const [path] = typeof manifest.bin === "string" ? [manifest.bin] : Object.values(stringsOf(manifest.bin));
  if (manifest.version !== version || path === undefined) return null;
  const modules = resolve(dirname(manifestPath), "../..");
  const program = { origin: "pinned" as const, name, version, modules, entry: join(pinned, path), args: [...args] };
  return program as PinnedPackage;
}
