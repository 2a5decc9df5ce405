import type { Scope } from "#lib/contract/grants.ts";
import { selects } from "#lib/core/scope/covers.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { intendedScopes } from "#lib/domain/grants/issue.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** The approval of the new version that grants are carried to. */
export type Onto = {
  id: string;
  row: { id: string; connector_id: string; version_id: string };
  tools: readonly string[];
  agentIds: readonly string[] | null;
  expiresAt: Date;
};

type Held = {
  id: string;
  principalKind: string;
  principalId: string;
  scope: unknown;
  status: string;
  expiresAt: Date;
};

/**
 * Ends every grant of a superseded version and continues it on the new one for the tools that it covered, whose definition is
 * the same in both versions and which the new approval allows: by name, never for longer, never for more
 * (docs/decisions/0006-grants-and-versions.md).
 */
export async function carryGrants({ tx, now }: Context, onto: Onto, earlier: string): Promise<NewEvent[]> {
  const { row } = onto;
  const held: Held[] = await tx.grant.findMany({
    where: { connectorId: row.connector_id, versionId: earlier, status: { in: ["pending", "active"] } },
    select: { id: true, principalKind: true, principalId: true, scope: true, status: true, expiresAt: true },
    orderBy: { id: "asc" },
  });
  if (held.length === 0) return [];
  const unchanged = await unchangedTools(tx, earlier, row.version_id, onto.tools);
  const carried = held.flatMap((grant) => continuation(grant, unchanged, onto).map((data) => ({ grant, data })));
  await tx.grant.createMany({ data: carried.map(({ data }) => ({ ...data, startsAt: now })) });
  await tx.grant.updateMany({
    where: { id: { in: held.map(({ id }) => id) } },
    data: { status: "revoked", reason: "superseded", endedAt: now, endedBy: "system", rowVersion: { increment: 1 } },
  });
  const about = (grant: Held) => ({
    connectorId: row.connector_id,
    ...(grant.principalKind === "agent" ? { agentId: grant.principalId } : {}),
  });
  return [
    ...held.map(
      (grant): NewEvent => ({
        type: "grant.revoked",
        subjects: [grant.id],
        grantId: grant.id,
        ...about(grant),
        data: { by: "new_version", version: row.version_id },
      }),
    ),
    ...carried.map(
      ({ grant, data }): NewEvent => ({
        type: "grant.issued",
        subjects: [data.id],
        grantId: data.id,
        ...about(grant),
        data: { continues: grant.id, request: row.id, expires: data.expiresAt.toISOString(), status: data.status },
      }),
    ),
  ];
}

type Unchanged = { name: string; effect: "read" | "write" | "destructive" | "unknown" };

function continuation(grant: Held, unchanged: readonly Unchanged[], { id, row, agentIds, expiresAt }: Onto) {
  if (agentIds !== null && !agentIds.includes(grant.principalId)) return [];
  const scope = grant.scope as Scope;
  const names = unchanged.filter((tool) => selects(scope as CoreScope, tool)).map(({ name }) => name);
  const scopes = intendedScopes(names, scope).map((part) => ({ ...part, actions: scope.actions }));
  // A rate that is split over several grants would be several rates.
  if (scopes.length > 1 && scope.rate !== null) return [];
  return scopes.map((part) => ({
    id: newId("grt"),
    requestId: row.id,
    approvalId: id,
    principalKind: grant.principalKind,
    principalId: grant.principalId,
    connectorId: row.connector_id,
    versionId: row.version_id,
    scope: part,
    status: grant.status,
    expiresAt: grant.expiresAt < expiresAt ? grant.expiresAt : expiresAt,
  }));
}

/** Names approved in both versions, whose every definition under that name is the same in both. */
function unchangedTools(tx: Tx, before: string, after: string, approved: readonly string[]): Promise<Unchanged[]> {
  return queryRows<Unchanged>(
    tx,
    sql`select t.name, (array_agg(t.effect order by ambit_effect_rank(t.effect) desc))[1] as effect
        from version_tool w join tool t on t.id = w.tool_id
          left join version_tool o on o.version_id = ${before} and o.tool_id = w.tool_id and o.digest = w.digest
        where w.version_id = ${after} and w.name = any (${[...approved]}::text[]) and exists (select 1 from approval a
          where a.version_id = ${before} and a.digest = (select digest from connector_version where id = ${before}) and w.name = any (a.tools))
        group by t.name having bool_and(o.id is not null) order by t.name`,
  );
}
