import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "#lib/contract/errors.ts";
import { toBase64 } from "#lib/core/log/bytes.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { proveConsistency } from "#lib/domain/audit/tree.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { env } from "#lib/platform/env.ts";

export const getCheckpoint = implementQuery("log.checkpoint", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx }) {
    const [row] = await queryRows<{ note: string | null; size: string; pending: number }>(
      tx,
      sql`select (select note from checkpoint order by size desc limit 1) as note,
            coalesce((select size from checkpoint order by size desc limit 1), 0)::text as size,
            (select count(*)::int from (select 1 from audit_event e where e.seq > coalesce((select max(event_seq) from log_entry), 0) limit 100000) x) as pending`,
    );
    const vkey = await readFile(join(env().AMBIT_DATA_DIR, "keys/public/log.vkey"), "utf8").catch(() => null);
    return { note: row?.note ?? null, size: row?.size ?? "0", pending: row?.pending ?? 0, vkey: vkey?.trim() ?? null };
  },
});

export const getConsistency = implementQuery("log.consistency", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx }, _, { from, to }) {
    const [row] = await queryRows<{ size: number }>(
      tx,
      sql`select coalesce(max(size), 0)::float8 as size from checkpoint`,
    );
    if (from > to || to > (row?.size ?? 0)) {
      throw new DomainError("invalid_input", `Give two sizes with from ≤ to ≤ ${row?.size ?? 0}.`);
    }
    return { hashes: (await proveConsistency(tx, from, to)).map(toBase64) };
  },
});
