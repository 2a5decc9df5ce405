import { findGrant, grantFacts, toGrant } from "#lib/domain/grants/rows.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const getGrant = implementQuery("grants.get", {
  async load({ tx }, { grantId }) {
    const grant = await findGrant(tx, grantId);
    return grant === null ? null : { resource: grant, facts: grantFacts(grant) };
  },
  run: async ({ caller }, grant) => toGrant(grant, caller),
});
