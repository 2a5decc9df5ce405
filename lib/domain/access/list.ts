import type { Reach } from "#lib/contract/access.ts";
import { type Access, reach, whoCan } from "#lib/core/decision/access.ts";
import type { Snapshot } from "#lib/core/decision/snapshot.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { resolveTarget, seesAllAccess } from "#lib/domain/access/scope.ts";
import { readSnapshot } from "#lib/domain/access/snapshot.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";
import { ownedBy } from "#lib/domain/people/owners.ts";

/** Rows are ordered by agent, connector and tool; without a question about one agent, connector or tool, agents come one after the other. */
export const listAccess = implementQuery("access.list", {
  async load({ tx, caller }, input) {
    const target = await resolveTarget(tx, input);
    if (target === null) return null;
    const asksAll = target.agent === null && target.connector === null;
    return { resource: target, facts: asksAll ? listed(caller) : { ownerIds: target.ownerIds } };
  },
  async run({ tx, caller, now }, { agent, connector, tool }, { cursor, limit }) {
    const after = readCursor(cursor);
    const at = now.getTime();
    if (agent === null && connector === null) {
      const visible = seesAllAccess(caller) ? sql`true` : ownedBy(sql`a.id`, caller.id);
      const agents = await queryRows<{ id: string }>(
        tx,
        sql`select a.id from agent a where ${visible} and a.status = 'active' and ${after === null ? sql`true` : sql`a.id > ${after.id}`}
            order by a.id limit 21`,
      );
      const shown = agents.slice(0, 20);
      const snapshot = await readSnapshot(tx, { agentIds: shown.map(({ id }) => id) });
      const rows = await toReach(
        tx,
        snapshot,
        shown.flatMap(({ id }) => reach(snapshot, id, at)),
      );
      const next = agents.length > 20 ? { at: "", id: shown.at(-1)?.id ?? "" } : null;
      return {
        items: rows,
        nextCursor: next === null ? null : Buffer.from(`${next.at}\n${next.id}`).toString("base64url"),
      };
    }
    const snapshot = await readSnapshot(
      tx,
      agent === null ? { connectorId: connector?.id ?? "" } : { agentIds: [agent.id] },
    );
    const found = agent === null ? accessTo(snapshot, tool, at) : reach(snapshot, agent.id, at);
    const rows = (await toReach(tx, snapshot, found))
      .filter(
        (row) => (connector === null || row.connectorId === connector.id) && (tool === null || row.toolId === tool.id),
      )
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .filter((row) => after === null || keyOf(row) > after.id);
    return pageOf(
      rows.slice(0, limit + 1),
      limit,
      (row) => row,
      (row) => ({ at: "", id: keyOf(row) }),
    );
  },
});

function accessTo(snapshot: Snapshot, only: { id: string } | null, at: number): Access[] {
  return [...snapshot.connectors.values()].flatMap((connector) =>
    Object.values(connector.tools).flatMap((tools) =>
      [...tools.values()]
        .filter((tool) => only === null || tool.id === only.id)
        .flatMap((tool) => whoCan(snapshot, { connectorSlug: connector.slug, kind: tool.kind, name: tool.name }, at)),
    ),
  );
}

function keyOf({ agentId, connectorSlug, tool }: Reach): string {
  return `${agentId} ${connectorSlug} ${tool}`;
}

async function toReach(tx: Tx, snapshot: Snapshot, found: readonly Access[]): Promise<Reach[]> {
  const ids = [...new Set(found.map(({ agentId }) => agentId))];
  const names = new Map(
    (await tx.agent.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })).map((row) => [
      row.id,
      row.name,
    ]),
  );
  const grants = new Map(
    [...snapshot.agents.values()]
      .flatMap((agent) => [...agent.grants.values()].flat())
      .map((grant) => [grant.id, grant]),
  );
  return found.flatMap(({ agentId, connector, tool, decision }) => {
    const grant = decision.grantId === null ? undefined : grants.get(decision.grantId);
    if (grant === undefined) return [];
    const conditional = decision.effect !== "permit" || grant.scope.constraints.length > 0 || grant.scope.rate !== null;
    return [
      {
        agentId,
        agentName: names.get(agentId) ?? agentId,
        connectorId: connector.id,
        connectorSlug: connector.slug,
        toolId: tool.id,
        tool: tool.name,
        effect: tool.effect,
        access: conditional ? ("conditional" as const) : ("permit" as const),
        conditions: conditional ? formatScope(grant.scope) : [],
        grantId: grant.id,
        expiresAt: new Date(grant.expiresAt).toISOString(),
      },
    ];
  });
}
