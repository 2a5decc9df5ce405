"use client";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Probe } from "#lib/contract/probes.ts";

const runningMs = 1000;
const waitingForReleaseMs = 5000;

/** An inspection, asked again until it has answered, and as long as a release is what it waits for. */
export function useProbe(probeId: string | undefined) {
  const wanted = { probeId: probeId ?? "" };
  const known = useQueryFor("probes.get", wanted, { enabled: probeId !== undefined });
  return useQueryFor("probes.get", wanted, {
    enabled: probeId !== undefined,
    refetchInterval: probeId === undefined ? false : intervalOf(known.data),
  });
}

function intervalOf(probe: Probe | undefined): number | false {
  if (probe === undefined || probe.state !== "done") return runningMs;
  return probe.result?.outcome === "inspected" ? waitingForReleaseMs : false;
}
