import type { Action } from "#lib/core/action.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { availableEvents } from "#lib/core/lifecycle/machine.ts";
import { allowed, type Caller, type ResourceFacts } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { loadConnector } from "#lib/domain/connectors/load.ts";
import { type ConnectorRow, toConnectors } from "#lib/domain/connectors/rows.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const getConnector = implementQuery("connectors.get", {
  load: loadConnector,
  async run({ tx, caller }, { facts, ...connector }) {
    const [shown] = await toConnectors(tx, [connector]);
    if (shown === undefined) throw new Error("toConnectors lost a row");
    const approval = await approvalInForce(tx, connector);
    const open = await tx.request.findFirst({
      where: {
        connectorId: connector.id,
        kind: { in: ["connector", "version"] },
        state: { in: ["submitted", "in_review", "changes_requested"] },
      },
      orderBy: { submittedAt: "desc" },
    });
    return {
      ...shown,
      approvedTools: approval?.tools ?? [],
      holdTools: approval?.holdTools ?? [],
      approvalExpiresAt: approval?.expiresAt.toISOString() ?? null,
      quarantines: await openQuarantines(tx, connector.id),
      openRequestId: open?.id ?? null,
      may: mayDo(caller, connector, facts),
      reach: await reachOf(tx, connector.id),
    };
  },
});

/** What the reviews of the version in force allow; null where there is none. */
export function approvalInForce(tx: Tx, connector: Pick<ConnectorRow, "approved_version_id">) {
  if (connector.approved_version_id === null) return Promise.resolve(null);
  return queryRows<{ id: string; tools: string[]; holdTools: string[]; expiresAt: Date; tier: ConnectorRow["tier"] }>(
    tx,
    sql`select a.id, a.tools, a.hold_tools as "holdTools", a.expires_at as "expiresAt", a.tier
        from approval a join request r on r.id = a.request_id
        where a.version_id = ${connector.approved_version_id} and a.revoked_at is null and r.kind in ('connector', 'version')
        order by a.approved_at desc limit 1`,
  ).then(([row]) => row ?? null);
}

async function openQuarantines(tx: Tx, connectorId: string) {
  const rows = await queryRows<{ id: string; tool: string | null; reason: string; at: Date }>(
    tx,
    sql`select q.id, t.name as tool, q.reason, q.created_at as at from quarantine q left join tool t on t.id = q.tool_id
        where q.connector_id = ${connectorId} and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)
        order by q.created_at desc limit 200`,
  );
  return rows.map(({ id, tool, reason, at }) => ({ id, toolName: tool, reason, at: at.toISOString() }));
}

async function reachOf(tx: Tx, connectorId: string) {
  const [row] = await queryRows<{ agents: number; grants: number; calls: number }>(
    tx,
    sql`select (select count(*)::int from scope_grant g where g.connector_id = ${connectorId} and g.status = 'active'
              and g.expires_at > now()) as grants,
          (select count(distinct coalesce(m.member_id, g.principal_id))::int from scope_grant g left join team_member m
              on g.principal_kind = 'team' and m.team_id = g.principal_id and m.member_kind = 'agent' and m.removed_at is null
            where g.connector_id = ${connectorId} and g.status = 'active' and g.expires_at > now()
              and (g.principal_kind = 'agent' or m.id is not null)) as agents,
          (select count(*)::int from audit_event e where e.connector_id = ${connectorId} and e.type = 'call.intent'
              and e.time > now() - interval '1 hour') as calls`,
  );
  return { agents: row?.agents ?? 0, grants: row?.grants ?? 0, callsLastHour: row?.calls ?? 0 };
}

type May = "enable" | "suspend" | "resume" | "retire" | "own" | "request-version" | "request-grant";

function mayDo(caller: Caller, connector: ConnectorRow, facts: ResourceFacts): May[] {
  const may = (action: Action) => allowed({ ...caller, interactiveSignInAgeSeconds: 0 }, action, facts);
  const events = availableEvents(connectorTable, connector.status);
  const person = may("request:draft");
  const lives = connector.status !== "retired" && connector.status !== "requested";
  return [
    ...(["enable", "suspend", "resume", "retire"] as const).filter(
      (event) => events.includes(event) && may(`connector:${event}`),
    ),
    ...(connector.status !== "retired" && may("connector:own") ? (["own"] as const) : []),
    ...(lives && person ? (["request-version"] as const) : []),
    ...(connector.status === "enabled" && person ? (["request-grant"] as const) : []),
  ];
}
