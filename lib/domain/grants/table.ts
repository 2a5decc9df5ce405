import { getGrant } from "#lib/domain/grants/get.ts";
import { listGrants } from "#lib/domain/grants/list.ts";
import { revokeGrant } from "#lib/domain/grants/revoke.ts";

export const grantOperations = {
  "grants.list": listGrants,
  "grants.get": getGrant,
  "grants.revoke": revokeGrant,
};
