import { implementQuery } from "#lib/domain/implement.ts";
import { probeFacts, toProbe } from "#lib/domain/probes/rows.ts";

export const getProbe = implementQuery("probes.get", {
  async load({ tx }, { probeId }) {
    const row = await tx.probe.findUnique({ where: { id: probeId } });
    return row === null ? null : { resource: row, facts: probeFacts(row) };
  },
  run: async ({ caller }, row) => toProbe(row, caller),
});
