import { findPack } from "#lib/domain/evidence/rows.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const getEvidence = implementQuery("evidence.get", {
  async load({ tx }, { packId }) {
    const pack = await findPack(tx, packId);
    return pack === null ? null : { resource: pack, facts: {} };
  },
  run: async (_, pack) => pack,
});
