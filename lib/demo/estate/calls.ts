import { setTimeout as sleep } from "node:timers/promises";
import { attempt, connectAs } from "#lib/demo/agent.ts";
import type { EstateAgent } from "#lib/demo/estate/agents.ts";

type Call = readonly [tool: string, args: Record<string, unknown>];

const patienceMs = 15_000;

/** Real calls through the gateway. @returns how many were permitted and denied */
export async function callAs(agent: EstateAgent, endpoint: string, calls: readonly Call[]) {
  const client = await connectPatiently(agent, endpoint);
  const made = { permitted: 0, denied: 0 };
  try {
    for (const [tool, args] of calls) {
      const { permitted } = await attempt(client, tool, args);
      made[permitted ? "permitted" : "denied"] += 1;
    }
  } finally {
    await client.close();
  }
  return made;
}

/** A grant of this moment takes the gateway up to a second to learn. */
async function connectPatiently(agent: EstateAgent, endpoint: string) {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await connectAs(agent, endpoint);
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(250);
    }
  }
}
