import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DomainError, type ErrorCode } from "#lib/contract/errors.ts";
import { allowed, type Caller } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { env } from "#lib/platform/env.ts";

/** A pack that may be sent now: its file, length and SHA-256 in hexadecimal. */
export type PackDownload = { path: string; bytes: number; sha256: string };

/**
 * Records that somebody downloads a pack, before the first byte is sent. Not an operation of the table, because its answer is a file;
 * the same rules hold: a missing pack and a forbidden one answer alike, and a refusal is an event.
 * @throws DomainError
 */
export async function downloadPack(packId: string, caller: Caller, requestId: string): Promise<PackDownload> {
  const refused = refusalOf(caller);
  if (refused !== null) {
    const data = { operation: "evidence.download", code: refused, requestId, via: caller.via };
    await withTransaction((tx) => record(tx, caller, { type: "operation.refused", subjects: [caller.id], data }));
    throw new DomainError(refused);
  }
  return withTransaction(async (tx) => {
    const pack = await tx.evidencePack.findUnique({ where: { id: packId } });
    if (pack === null) throw new DomainError("not_found");
    const { state, file, bytes, sha256 } = pack;
    if (state !== "ready" || file === null || bytes === null || sha256 === null) {
      throw new DomainError("invalid_transition", "This pack is not ready.");
    }
    const path = join(env().AMBIT_DATA_DIR, file);
    const found = await stat(path).catch(() => null);
    if (found?.size !== bytes) throw new DomainError("gone", "The file of this pack is not there. Export it again.");
    await record(tx, caller, { type: "evidence.downloaded", subjects: [packId], data: { sha256 } });
    return { path, bytes, sha256 };
  });
}

function refusalOf(caller: Caller): ErrorCode | null {
  if (allowed(caller, "evidence:download", {})) return null;
  const isScoped = caller.via === "token" && allowed({ ...caller, tokenScopes: ["*"] }, "evidence:download", {});
  return isScoped ? "scope_missing" : "not_found";
}

async function record(tx: Tx, caller: Caller, event: NewEvent): Promise<void> {
  const [row] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
  if (row === undefined) throw new DomainError("unavailable");
  await append(tx, { kind: caller.kind, id: caller.id }, row.now, [event]);
}
