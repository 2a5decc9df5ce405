import { Probe, ProbeResult, type ProbeTarget } from "#lib/contract/probes.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import type { ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import { allowed, type Caller, type ResourceFacts } from "#lib/core/permit.ts";
import type { Probe as ProbeRow } from "#lib/db/generated/client.ts";

/**
 * What `probe.result` holds: the contract's result and, for the server only, what requests and the sandbox go on with.
 * `snapshot` is the whole look at the server; `inspection` is the package inspection that `installPackage` takes;
 * `launch` says how the package is started.
 */
export type StoredResult = ProbeResult & {
  snapshot?: ServerSnapshot;
  inspection?: JsonObject;
  launch?: { package: JsonObject; args: string[]; packageDigest: string };
};

/** Who has a say in an inspection: whoever started it. */
export function probeFacts(row: Pick<ProbeRow, "requestedBy">): ResourceFacts {
  return { requesterId: row.requestedBy };
}

/** The inspection as the API shows it; everything that is the server's own stays behind. */
export function toProbe(row: ProbeRow, caller: Caller): Probe {
  const result = row.result === null ? null : ProbeResult.parse(row.result);
  const fresh = { ...caller, interactiveSignInAgeSeconds: 0 };
  const waits = row.state === "done" && result?.outcome === "inspected";
  return Probe.parse({
    id: row.id,
    target: row.target as unknown as ProbeTarget,
    state: row.state,
    result,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    mayRelease: waits && allowed(fresh, "package:release", probeFacts(row)),
  });
}
