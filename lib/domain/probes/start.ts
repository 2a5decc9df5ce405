import { DomainError } from "#lib/contract/errors.ts";
import type { ProbeTarget } from "#lib/contract/probes.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { implement } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { hostOf } from "#lib/domain/probes/credentials.ts";
import { queueProbe } from "#lib/domain/probes/queue.ts";
import { toProbe } from "#lib/domain/probes/rows.ts";
import { newId } from "#lib/platform/id.ts";

/** Inspections per person and hour. */
export const probesPerHour = 20;

/** Only queues: the worker looks, and nothing of a package runs before its digest was released. */
export const startProbe = implement("probes.start", {
  async load({ tx, caller }, { target, credentialId }) {
    if (credentialId !== undefined) await refuseCredential(tx, caller.id, target, credentialId);
    return { resource: null, facts: {} };
  },
  async run({ tx, caller }, _, { target, credentialId }) {
    await refuseTooMany(tx, caller.id);
    const row = await tx.probe.create({
      data: {
        id: newId("prb"),
        requestedBy: caller.id,
        kind: target.kind === "url" ? "http" : "package",
        target,
        ...(credentialId === undefined ? {} : { credentialId }),
      },
    });
    await queueProbe(tx, row.id);
    const data = { kind: row.kind, credential: credentialId ?? null };
    return { result: toProbe(row, caller), events: [{ type: "probe.started", subjects: [row.id], data }] };
  },
});

async function refuseTooMany(tx: Tx, personId: string): Promise<void> {
  // Two at once are counted one after the other.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`probes ${personId}`}, 0))`;
  const [row] = await queryRows<{ count: number }>(
    tx,
    sql`select count(*)::int as count from probe where requested_by = ${personId} and created_at > now() - interval '1 hour'`,
  );
  if ((row?.count ?? 0) < probesPerHour) return;
  throw new DomainError(
    "too_many_requests",
    `At most ${probesPerHour} inspections per person and hour. Try again later.`,
  );
}

/**
 * A credential goes to its own host only, and is used only by whoever sealed it, by owners of its connector, or by the one
 * person whom the sealer named. Every other one answers as if it did not exist.
 */
async function refuseCredential(tx: Tx, callerId: string, target: ProbeTarget, credentialId: string): Promise<void> {
  if (target.kind !== "url") throw new DomainError("invalid_input", "A package is inspected without a credential.");
  const [row] = await queryRows<{ host: string }>(
    tx,
    sql`select s.host from sealed_credential s where s.id = ${credentialId} and s.destroyed_at is null and s.sealed is not null and (
          s.created_by = ${callerId} or s.shared_with = ${callerId} or ${ownedBy(sql`s.connector_id`, callerId)})`,
  );
  const issues = [{ path: "credentialId", message: "Choose a credential that was sealed for this server." }];
  if (row?.host !== hostOf(target.url)) {
    throw new DomainError("invalid_input", "This credential cannot be used here.", { issues });
  }
}
