import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import type { InstalledPackage } from "#lib/mcp/package/install.ts";
import type { ForwardBounds, StdioSession } from "#lib/mcp/stdio/session.ts";

const fixture = resolve(import.meta.dirname, "../../fixtures/packages/hostile");

/** Puts the hostile package where an installation would have put it. */
export async function hostileProgram(): Promise<(mode: string) => InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "ambit-stdio-"));
  afterAll(() => rm(folder, { recursive: true }));
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await cp(fixture, join(modules, "hostile-server"), { recursive: true });
  const program = {
    origin: "installed" as const,
    packageDigest: "0".repeat(64),
    modules,
    entry: "hostile-server/server.mjs",
  };
  return (mode) => ({ ...program, args: [mode] });
}

/** Calls one of the hostile server's tools and returns what it reports. */
export async function call<T>(
  session: StdioSession,
  name: string,
  args = {},
  bounds: Partial<ForwardBounds> = {},
): Promise<T> {
  const request = { id: "caller-1", method: "tools/call", params: { name, arguments: args } };
  const answer = await session.forward(request, { timeoutMs: 20_000, signal: new AbortController().signal, ...bounds });
  const parsed = JSON.parse(answer.text) as { result: { content: [{ text: string }] } };
  return JSON.parse(parsed.result.content[0].text) as T;
}
