import { setTimeout as sleep } from "node:timers/promises";
import type { OutputOf } from "#lib/contract/index.ts";
import type { ProbeTarget } from "#lib/contract/probes.ts";
import type { Person } from "#lib/demo/people.ts";

export type Probe = OutputOf<"probes.get">;
type Seen = Extract<NonNullable<Probe["result"]>, { outcome: "ok" }>;

const patienceMs = 240_000;

/** Starts an inspection and waits until it is done. */
export async function inspect(person: Person, target: ProbeTarget): Promise<Probe> {
  return finished(person, (await person.ask("probes.start", { target })).id);
}

/**
 * Waits for an inspection.
 * @throws Error when it is not done within four minutes
 */
export async function finished(person: Person, probeId: string): Promise<Probe> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const probe = await person.ask("probes.get", { probeId });
    if (probe.state === "done") return probe;
    if (Date.now() > until) throw new Error(`The inspection ${probeId} is still ${probe.state} after four minutes.`);
    await sleep(200);
  }
}

/** What an inspection saw of a server. @throws Error with the inspection's own words when it saw none */
export function seen({ id, result }: Probe): Seen {
  if (result?.outcome === "ok") return result;
  const words =
    result === null ? "nothing" : "message" in result ? `${result.outcome}: ${result.message}` : result.outcome;
  throw new Error(`The inspection ${id} did not see the server (${words}).`);
}

/** The names of a server's tools. */
export function toolNames(result: Seen): string[] {
  return result.tools.filter(({ kind }) => kind === "tool").map(({ name }) => name);
}
