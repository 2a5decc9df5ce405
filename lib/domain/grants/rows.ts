import type { Grant, GrantSort, Scope } from "#lib/contract/grants.ts";
import { allowed, type Caller } from "#lib/core/permit.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { cursorText, type Order, orderBy, orderOf, type Sortable } from "#lib/domain/order.ts";

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
  /** What the list is ordered by. */
  cursor: string;
  calls: number;
  owner_ids: string[];
};

/**
 * SQL of a table of the grants on some agents, teams and connectors, each once, with the columns that counts need: each side by its own index,
 * instead of a look at every grant.
 */
export function grantsOn(subjects: readonly string[]): Prisma.Sql {
  const columns = sql`select o.id, o.connector_id, o.principal_id, o.status, o.expires_at, o.created_at from scope_grant o`;
  return sql`(${columns} where o.principal_id = any (${subjects}::text[])
    union all ${columns} where o.connector_id = any (${subjects}::text[]) and o.principal_id <> all (${subjects}::text[]))`;
}

const sortables = {
  createdAt: { column: sql`g.created_at`, type: "timestamptz" },
  expiresAt: { column: sql`g.expires_at`, type: "timestamptz" },
} as const satisfies Record<string, Sortable>;

/** The order that a list of grants asks for. */
export function grantOrder(sort: GrantSort): Order {
  return orderOf(sortables, sql`g.id`, sort);
}

/** Grants with their use in the last 30 days, newest first unless told. `where` may use the alias `g`. */
export function selectGrants(
  tx: Tx,
  where: Prisma.Sql,
  limit: number,
  order = grantOrder("-createdAt"),
): Promise<GrantRow[]> {
  return queryRows<GrantRow>(
    tx,
    sql`select g.*, ${cursorText(order)} as cursor, c.slug as connector_slug, coalesce(a.name, t.name) as principal, r.requester_id,
          (select count(*)::int from audit_event e where e.type = 'call.intent' and e.grant_id = g.id and e.time > now() - interval '30 days') as calls,
          array(select distinct coalesce(m.member_id, o.owner_id) from ownership o left join team_member m on o.owner_kind = 'team'
            and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
            where o.subject_id in (g.connector_id, g.principal_id) and o.ended_at is null and (o.owner_kind = 'user' or m.id is not null)) as owner_ids
        from (select g.* from scope_grant g where ${where} order by ${orderBy(order)} limit ${limit}) g
        join request r on r.id = g.request_id
        join connector c on c.id = g.connector_id
        left join agent a on g.principal_kind = 'agent' and a.id = g.principal_id
        left join team t on g.principal_kind = 'team' and t.id = g.principal_id
        order by ${orderBy(order)}`,
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
