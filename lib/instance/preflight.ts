import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isPortFree } from "#lib/instance/ports.ts";
import type { Env } from "#lib/platform/env.ts";

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return loopback.has(host);
}

/**
 * Looks whether this instance can run here, before anything is built or written.
 * @throws Error with one sentence naming the port or directory
 */
export async function preflight({ AMBIT_HOST, PORT, GATEWAY_PORT, AMBIT_DATA_DIR }: Env): Promise<void> {
  for (const [name, port] of [
    ["PORT", PORT],
    ["GATEWAY_PORT", GATEWAY_PORT],
  ] as const) {
    if (!(await isPortFree(AMBIT_HOST, port))) {
      throw new Error(`Port ${port} on ${AMBIT_HOST} is taken; stop what uses it or set ${name} to another port.`);
    }
  }
  const trial = join(AMBIT_DATA_DIR, `.writable-${process.pid}`);
  try {
    await mkdir(AMBIT_DATA_DIR, { recursive: true, mode: 0o755 });
    await writeFile(trial, "");
    await rm(trial);
  } catch (error) {
    throw new Error(`The data directory ${AMBIT_DATA_DIR} is not writable; set AMBIT_DATA_DIR to one that is.`, {
      cause: error,
    });
  }
}
