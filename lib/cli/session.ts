import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { CliError, exitCodes } from "#lib/cli/output.ts";
import { env } from "#lib/platform/env.ts";

const Kept = z.object({ current: z.string(), tokens: z.record(z.string(), z.string()) });
type Kept = z.infer<typeof Kept>;

/** Where to ask and as whom: options first, then the environment, then what `login` kept. */
export async function target(command: Command): Promise<{ baseUrl: string; token: string }> {
  const options: { url?: string; token?: string } = command.optsWithGlobals();
  const kept = await readKept();
  const baseUrl = trim(options.url ?? (kept.current === "" ? env().AMBIT_URL : kept.current));
  const token = options.token ?? env().AMBIT_TOKEN ?? kept.tokens[baseUrl];
  if (token === undefined) {
    throw new CliError(`Not signed in to ${baseUrl}. Run: ambit login --url ${baseUrl}`, exitCodes.refused);
  }
  return { baseUrl, token };
}

/** The address of the console for commands that need no token yet. */
export async function baseUrl(command: Command): Promise<string> {
  const options: { url?: string } = command.optsWithGlobals();
  const kept = await readKept();
  return trim(options.url ?? (kept.current === "" ? env().AMBIT_URL : kept.current));
}

/** Keeps a token for an address, readable by its owner only. */
export async function keep(url: string, token: string): Promise<void> {
  const kept = await readKept();
  await mkdir(env().AMBIT_CONFIG_DIR, { recursive: true, mode: 0o700 });
  await writeFile(file(), JSON.stringify({ current: url, tokens: { ...kept.tokens, [url]: token } }), { mode: 0o600 });
  await chmod(file(), 0o600);
}

/** Forgets everything that was kept. */
export async function forget(): Promise<void> {
  await rm(file(), { force: true });
}

async function readKept(): Promise<Kept> {
  const text = await readFile(file(), "utf8").catch(() => null);
  if (text === null) return { current: "", tokens: {} };
  const parsed = Kept.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : { current: "", tokens: {} };
}

function file(): string {
  return join(env().AMBIT_CONFIG_DIR, "session.json");
}

function trim(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
