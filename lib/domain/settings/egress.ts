import { DomainError } from "#lib/contract/errors.ts";
import type { EgressEntry } from "#lib/contract/settings.ts";
import type { EgressAllow } from "#lib/db/generated/client.ts";
import { implement, implementQuery, implementTwo, listed } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";
import { newId } from "#lib/platform/id.ts";

export const listEgress = implementQuery("egress.list", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  async run({ tx }, _, { cursor, limit }) {
    const after = readCursor(cursor);
    const rows = await tx.egressAllow.findMany({
      where: { removedAt: null, ...(after === null ? {} : { id: { lt: after.id } }) },
      orderBy: { id: "desc" },
      take: limit + 1,
    });
    return pageOf(rows, limit, toEntry, (row) => ({ at: "", id: row.id }));
  },
});

/** An entry opens an internal host to whatever asks for it, so it names one host and port, ends, and takes two. */
export const addEgress = implementTwo("egress.add", {
  load: async () => ({ resource: null, facts: {} }),
  async propose({ tx }, _, { host, port }) {
    if ((await tx.egressAllow.findFirst({ where: { host, port, removedAt: null } })) !== null) {
      throw new DomainError("already_exists", `${host}:${port} is on the list. Remove the entry to change its expiry.`);
    }
    return { subjectId: `${host}:${port}`, summary: `Let ${host}:${port} be reached`, beneficiaries: [] };
  },
  async applyChange({ tx, now }, _, { host, port, days, reason }, change) {
    const id = newId("egr");
    const expiresAt = new Date(now.getTime() + days * 86_400_000);
    await tx.egressAllow.create({ data: { id, host, port, reason, source: "change", changeId: change.id, expiresAt } });
    return [{ type: "egress.host-allowed", subjects: [id], data: { host, port, days, change: change.id } }];
  },
});

export const removeEgress = implement("egress.remove", {
  async load({ tx }, { entryId }) {
    await lockRow(tx, "egress_allow", entryId);
    const row = await tx.egressAllow.findUnique({ where: { id: entryId } });
    return row === null ? null : { resource: row, facts: {} };
  },
  async run({ tx, now }, row) {
    if (row.removedAt !== null) throw new DomainError("invalid_transition", "This entry is removed already.");
    const saved = await tx.egressAllow.update({ where: { id: row.id }, data: { removedAt: now } });
    return {
      result: toEntry(saved),
      events: [{ type: "egress.host-removed", subjects: [row.id], data: { host: row.host, port: row.port } }],
    };
  },
});

function toEntry({ id, host, port, reason, createdAt, expiresAt, removedAt }: EgressAllow): EgressEntry {
  return {
    id,
    host,
    port,
    reason,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    removedAt: removedAt?.toISOString() ?? null,
  };
}
