import type { EvidencePack } from "#lib/contract/evidence.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";

/** A pack to be built. Period: from inclusive, to exclusive. */
export type PackJob = { id: string; from: Date; to: Date };

/** What was built. `file` is its path below the data directory. */
export type BuiltPack = { file: string; sha256: string; bytes: number; facts: JsonObject };

/** Takes a queued pack; null when there is none to take. */
export async function beginPack(packId: string): Promise<PackJob | null> {
  return withTransaction(async (tx) => {
    const taken = await tx.evidencePack.updateMany({
      where: { id: packId, state: "queued" },
      data: { state: "running" },
    });
    if (taken.count === 0) return null;
    const row = await tx.evidencePack.findUniqueOrThrow({ where: { id: packId } });
    return { id: row.id, from: row.periodFrom, to: row.periodTo };
  });
}

/** Tells how far a pack is; stages in order. */
export async function reportProgress(packId: string, progress: EvidencePack["progress"]): Promise<void> {
  await withTransaction((tx) =>
    tx.evidencePack.updateMany({ where: { id: packId, state: "running" }, data: { progress } }),
  );
}

/** The pack is there to be downloaded. */
export async function finishPack(packId: string, { file, sha256, bytes, facts }: BuiltPack): Promise<void> {
  await end({ type: "evidence.exported", subjects: [packId], data: { ...facts, bytes, sha256 } }, (tx) =>
    queryRows(
      tx,
      sql`update evidence_pack set state = 'ready', file = ${file}, sha256 = ${sha256}, bytes = ${bytes}, finished_at = now()
          where id = ${packId} and state = 'running' returning date_trunc('milliseconds', now()) as now`,
    ),
  );
}

/** @param error a plain sentence for whoever asked */
export async function failPack(packId: string, code: string, error: string): Promise<void> {
  await end({ type: "evidence.failed", subjects: [packId], data: { code } }, (tx) =>
    queryRows(
      tx,
      sql`update evidence_pack set state = 'failed', error = ${error}, finished_at = now()
          where id = ${packId} and state = 'running' returning date_trunc('milliseconds', now()) as now`,
    ),
  );
}

/** Packs that some worker has taken. */
export async function runningPacks(): Promise<string[]> {
  const rows = await withTransaction((tx) =>
    tx.evidencePack.findMany({ where: { state: "running" }, select: { id: true } }),
  );
  return rows.map(({ id }) => id);
}

async function end(event: NewEvent, update: (tx: Tx) => Promise<{ now: Date }[]>): Promise<void> {
  await withTransaction(async (tx) => {
    const [row] = await update(tx);
    if (row !== undefined) await append(tx, { kind: "system", id: "system" }, row.now, [event]);
  });
}
