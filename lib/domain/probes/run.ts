import type { ProbeTarget } from "#lib/contract/probes.ts";
import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { StoredResult } from "#lib/domain/probes/rows.ts";

/** One inspection as the worker needs it. `isDemo`: the demo's own pinned packages may run here without a release. */
export type ProbeJob = {
  id: string;
  target: ProbeTarget;
  credential: { host: string; sealed: Uint8Array } | null;
  /** What the first half of a package's inspection found; null before it. */
  earlier: StoredResult | null;
  allowed: readonly { host: string; port: number }[];
  isDemo: boolean;
};

/** Takes a queued inspection; null when there is none to take (already taken, or finished). */
export async function beginProbe(probeId: string): Promise<ProbeJob | null> {
  return withTransaction(async (tx) => {
    const taken = await tx.probe.updateMany({ where: { id: probeId, state: "queued" }, data: { state: "running" } });
    if (taken.count === 0) return null;
    const row = await tx.probe.findUniqueOrThrow({ where: { id: probeId } });
    const credential =
      row.credentialId === null ? null : await tx.sealedCredential.findUnique({ where: { id: row.credentialId } });
    const allowed = await queryRows<{ host: string; port: number }>(
      tx,
      sql`select host, port from egress_allow where removed_at is null and expires_at > now()`,
    );
    const instance = await tx.instance.findUnique({ where: { id: 1 } });
    return {
      id: row.id,
      target: row.target as unknown as ProbeTarget,
      credential: credential?.sealed ? { host: credential.host, sealed: credential.sealed } : null,
      earlier: row.result as StoredResult | null,
      allowed,
      isDemo: instance?.mode === "demo",
    };
  });
}

/** Whether a platform reviewer released this digest. */
export function isReleased(packageDigest: string): Promise<boolean> {
  return withTransaction(async (tx) => (await tx.packageRelease.findUnique({ where: { packageDigest } })) !== null);
}

/** Keeps what a running inspection found; one that is over stays as it is. */
export async function finishProbe(probeId: string, result: StoredResult): Promise<void> {
  await withTransaction(async (tx) => {
    const [row] = await queryRows<{ now: Date }>(
      tx,
      sql`update probe set state = 'done', result = ${JSON.stringify(result)}::jsonb, finished_at = now()
          where id = ${probeId} and state = 'running' returning date_trunc('milliseconds', now()) as now`,
    );
    if (row === undefined) return;
    const data =
      result.outcome === "failed" ? { outcome: result.outcome, code: result.code } : { outcome: result.outcome };
    await append(tx, { kind: "system", id: "system" }, row.now, [
      { type: "probe.finished", subjects: [probeId], data },
    ]);
  });
}

/** Inspections that some worker has taken. */
export async function runningProbes(): Promise<string[]> {
  const rows = await withTransaction((tx) => tx.probe.findMany({ where: { state: "running" }, select: { id: true } }));
  return rows.map(({ id }) => id);
}
