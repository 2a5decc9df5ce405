import { setTimeout as sleep } from "node:timers/promises";
import type { SupervisedChild } from "#lib/instance/child.ts";

const healthyWithinMs = 90_000;
const failuresMax = 3;

/**
 * Waits until `GET url` says 200.
 * @throws Error with the end of the child's log when it keeps ending, or does not become healthy within 90 s
 */
export async function waitHealthy(child: SupervisedChild, url: string): Promise<void> {
  const deadline = Date.now() + healthyWithinMs;
  while (Date.now() < deadline && child.failures() < failuresMax) {
    if (await isHealthy(url)) return;
    await sleep(100);
  }
  throw new Error(`${child.name} does not get healthy. The end of its log:\n${await child.logTail()}`);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: "error" });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
