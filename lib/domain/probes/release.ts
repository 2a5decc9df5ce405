import { DomainError } from "#lib/contract/errors.ts";
import { implement } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { queueProbe } from "#lib/domain/probes/queue.ts";
import { probeFacts, type StoredResult, toProbe } from "#lib/domain/probes/rows.ts";
import { newId } from "#lib/platform/id.ts";

/** A platform reviewer lets exactly one inspected digest run, in the sandbox; the same inspection goes on with its live part. */
export const releasePackage = implement("packages.release", {
  async load({ tx }, { probeId }) {
    await lockRow(tx, "probe", probeId);
    const row = await tx.probe.findUnique({ where: { id: probeId } });
    return row === null ? null : { resource: row, facts: probeFacts(row) };
  },
  async run({ tx, caller }, row, { reason }) {
    const result = row.result as StoredResult | null;
    if (row.state !== "done" || result?.outcome !== "inspected") {
      throw new DomainError("invalid_transition", "Only an inspected package that does not run yet can be released.");
    }
    const { packageDigest, name, version } = result.package;
    if ((await tx.packageRelease.findUnique({ where: { packageDigest } })) !== null) {
      throw new DomainError("already_exists", "This package is released already. Inspect it again to see its tools.");
    }
    const id = newId("rel");
    await tx.packageRelease.create({
      data: { id, packageDigest, name, version, probeId: row.id, releasedBy: caller.id, reason },
    });
    const saved = await tx.probe.update({
      where: { id: row.id },
      data: { kind: "package_live", state: "queued", finishedAt: null },
    });
    await queueProbe(tx, row.id);
    const data = { packageDigest, name, version, probe: row.id };
    return {
      result: toProbe(saved, caller),
      events: [{ type: "package.released", subjects: [id, row.id], data }],
    };
  },
});
