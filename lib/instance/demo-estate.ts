import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "#lib/instance/ports.ts";
import { machineEnvironment } from "#lib/instance/processes.ts";
import { run } from "#lib/instance/run.ts";
import type { Env } from "#lib/platform/env.ts";

const root = join(import.meta.dirname, "../..");

/** The port of the demo's MCP server: chosen once, kept in `<dataDir>/demo/everything.port`. */
export async function demoUpstreamPort(dataDir: string): Promise<number> {
  const file = join(dataDir, "demo/everything.port");
  if (existsSync(file)) return Number(await readFile(file, "utf8"));
  const port = await freePort();
  await mkdir(join(dataDir, "demo"), { recursive: true, mode: 0o700 });
  await writeFile(file, `${port}\n`);
  return port;
}

/**
 * Creates the demo estate through the public interfaces (`lib/demo/estate.ts --everything URL`), once: `<dataDir>/demo/seeded` says so.
 * @param say hears how far it is
 * @returns whether it was created now
 */
export async function ensureDemoEstate(
  settings: Env,
  upstreamPort: number,
  say: (sentence: string) => void,
): Promise<boolean> {
  const seeded = join(settings.AMBIT_DATA_DIR, "demo/seeded");
  if (existsSync(seeded)) return false;
  const { AMBIT_DATA_DIR, AMBIT_URL, AMBIT_GATEWAY_URL } = settings;
  const env = { ...machineEnvironment(), AMBIT_DATA_DIR, AMBIT_URL, AMBIT_GATEWAY_URL };
  const args = [join(root, "lib/demo/estate.ts"), "--everything", `http://127.0.0.1:${upstreamPort}/mcp`];
  await run(process.execPath, args, { cwd: root, env }, say);
  await writeFile(seeded, "");
  return true;
}

/** The command that tries an agent, as the estate left it in `<dataDir>/demo/try-agent.txt`. */
export async function tryAgentCommand(dataDir: string): Promise<string | undefined> {
  const file = join(dataDir, "demo/try-agent.txt");
  return existsSync(file) ? (await readFile(file, "utf8")).trim() : undefined;
}
