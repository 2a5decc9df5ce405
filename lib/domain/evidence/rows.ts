import type { EvidencePack } from "#lib/contract/evidence.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

type PackRow = {
  id: string;
  requested_by: string;
  requester: string | null;
  period_from: Date;
  period_to: Date;
  state: EvidencePack["state"];
  progress: EvidencePack["progress"];
  sha256: string | null;
  bytes: number | null;
  error: string | null;
  created_at: Date;
  /** With microseconds, for cursors. */
  created_cursor: string;
  finished_at: Date | null;
};

/** Packs, newest first. `where` may use the alias `p`. */
export function selectPacks(tx: Tx, where: Prisma.Sql, limit: number): Promise<PackRow[]> {
  return queryRows<PackRow>(
    tx,
    sql`select p.id, p.requested_by, u.name as requester, p.period_from, p.period_to, p.state, p.progress, p.sha256, p.bytes, p.error,
          p.created_at, p.created_at::text as created_cursor, p.finished_at
        from evidence_pack p left join app_user u on u.id = p.requested_by
        where ${where} order by p.created_at desc, p.id desc limit ${limit}`,
  );
}

/** One pack, or null. */
export async function findPack(tx: Tx, id: string): Promise<EvidencePack | null> {
  const [row] = await selectPacks(tx, sql`p.id = ${id}`, 1);
  return row === undefined ? null : toPack(row);
}

export function toPack(row: PackRow): EvidencePack {
  return {
    id: row.id,
    requestedBy: { id: row.requested_by, name: row.requester ?? row.requested_by },
    from: row.period_from.toISOString(),
    to: row.period_to.toISOString(),
    state: row.state,
    progress: row.progress,
    bytes: row.bytes,
    sha256: row.sha256,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    download: row.state === "ready" ? `/api/v1/evidence/${row.id}/download` : null,
  };
}
