import type { Grant, Scope } from "#lib/contract/grants.ts";
import { allowed, type Caller } from "#lib/core/permit.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { ownedBy } from "#lib/domain/owners.ts";

export type GrantRow = {
  id: string;
  principal_kind: "agent" | "team";
  principal_id: string;
  principal: string | null;
  connector_id: string;
  connector_slug: string;
  version_id: string;
  request_id: string;
  requester_id: string;
  scope: Scope;
  status: Grant["status"];
  reason: string | null;
  starts_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  /** With microseconds, for cursors. */
  created_cursor: string;
  calls: number;
  owner_ids: string[];
};

/** The grants that a caller may see: reviewers and auditors all, others those on what they own or asked for. */
export function visibleGrants(caller: Caller): Prisma.Sql {
  if (caller.kind === "system" || caller.roles.some((role) => role !== "administrator")) return sql`true`;
  return sql`g.id in (select q.id from scope_grant q where q.request_id = any (array(select r.id from request r where r.requester_id = ${caller.id}))
    union all select o.id from ${grantsOwnedBy(caller.id)} o)`;
}

/**
 * SQL of a table of the grants on what a person owns, with the columns that counts need: each side by its own index, instead of a
 * look at every grant.
 */
export function grantsOwnedBy(personId: string): Prisma.Sql {
  const columns = sql`select o.id, o.connector_id, o.principal_id, o.status, o.expires_at, o.created_at from scope_grant o`;
  return sql`(${columns} where ${ownedBy(sql`o.connector_id`, personId)}
    union ${columns} where ${ownedBy(sql`o.principal_id`, personId)})`;
}

/** Grants with their use in the last 30 days, newest first. `where` may use the alias `g`. */
export function selectGrants(tx: Tx, where: Prisma.Sql, limit: number): Promise<GrantRow[]> {
  return queryRows<GrantRow>(
    tx,
    sql`select g.*, g.created_at::text as created_cursor, c.slug as connector_slug, coalesce(a.name, t.name) as principal, r.requester_id,
          (select count(*)::int from audit_event e where e.type = 'call.intent' and e.grant_id = g.id and e.time > now() - interval '30 days') as calls,
          array(select distinct coalesce(m.member_id, o.owner_id) from ownership o left join team_member m on o.owner_kind = 'team'
            and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
            where o.subject_id in (g.connector_id, g.principal_id) and o.ended_at is null and (o.owner_kind = 'user' or m.id is not null)) as owner_ids
        from (select g.* from scope_grant g where ${where} order by g.created_at desc, g.id desc limit ${limit}) g
        join request r on r.id = g.request_id
        join connector c on c.id = g.connector_id
        left join agent a on g.principal_kind = 'agent' and a.id = g.principal_id
        left join team t on g.principal_kind = 'team' and t.id = g.principal_id
        order by g.created_at desc, g.id desc`,
  );
}

/** What the permission table needs to know of a grant. */
export function grantFacts(row: GrantRow) {
  return { ownerIds: row.owner_ids, requesterId: row.requester_id };
}

export function toGrant(row: GrantRow, caller: Caller): Grant {
  const alive = row.status === "active" || row.status === "pending";
  const mine = grantFacts(row);
  const fresh = { ...caller, interactiveSignInAgeSeconds: 0 };
  return {
    id: row.id,
    principal: { kind: row.principal_kind, id: row.principal_id, name: row.principal ?? row.principal_id },
    connectorId: row.connector_id,
    connectorSlug: row.connector_slug,
    versionId: row.version_id,
    requestId: row.request_id,
    scope: row.scope,
    sentences: formatScope(row.scope as CoreScope),
    status: row.status,
    statusReason: row.reason,
    startsAt: row.starts_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    callsLast30Days: row.calls,
    may: [
      ...(alive && allowed(fresh, "grant:revoke", mine) ? (["revoke"] as const) : []),
      ...(row.status === "active" && allowed(fresh, "grant:read", mine) && allowed(fresh, "request:draft", {})
        ? (["extend"] as const)
        : []),
    ],
  };
}

/** One grant, or null. */
export async function findGrant(tx: Tx, id: string): Promise<GrantRow | null> {
  const [row] = await selectGrants(tx, sql`g.id = ${id}`, 1);
  return row ?? null;
}
