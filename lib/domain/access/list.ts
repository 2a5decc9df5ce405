import type { Reach } from "#lib/contract/access.ts";
import { DomainError } from "#lib/contract/errors.ts";
import { type Access, reach, whoCan } from "#lib/core/decision/access.ts";
import type { Snapshot } from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import type { Tx } from "#lib/db/tx.ts";
import { type Pairs, pairsFrom } from "#lib/domain/access/pairs.ts";
import { resolveTarget } from "#lib/domain/access/scope.ts";
import { readSnapshotBetween } from "#lib/domain/access/snapshot.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { readCursor } from "#lib/domain/page.ts";

/** The row after which a page begins; `slug` and `tool` are empty for "from this agent on". */
type Place = { agentId: string; slug: string; tool: string; toolId: string };

type Tool = { kind: CapabilityKind; name: string };

/** Rows come by agent, connector and tool, and only as much is read as a page needs. */
export const listAccess = implementQuery("access.list", {
  async load({ tx, caller }, input) {
    const target = await resolveTarget({ tx, caller }, input);
    if (target === null) return null;
    const asksAll = target.agent === null && target.connector === null;
    return { resource: target, facts: asksAll ? listed(caller) : { ownerIds: target.ownerIds } };
  },
  async run({ tx, caller, now }, target, { cursor, limit }) {
    const after = readPlace(cursor);
    const from = after ?? { agentId: "", slug: "" };
    const items: Reach[] = [];
    let next: Place | null = null;
    const stopped = (agentId: string) => {
      next = { agentId, slug: "", tool: "", toolId: "" };
    };
    for await (const pairs of pairsFrom(tx, caller, target, from, limit + 1, stopped)) {
      const snapshot = await readSnapshotBetween(tx, pairs);
      const found = inOrder(snapshot, pairs, target.tool, now.getTime()).filter((row) => isAfter(row, after));
      items.push(...(await toReach(tx, snapshot, found.slice(0, limit + 1 - items.length))));
      if (items.length <= limit) continue;
      const last = items[limit - 1];
      if (last !== undefined) next = { ...last, slug: last.connectorSlug };
      break;
    }
    return { items: items.slice(0, limit), nextCursor: next === null ? null : cursorOf(next) };
  },
});

function inOrder(snapshot: Snapshot, { agentIds, connectorIds }: Pairs, tool: Tool | null, at: number): Access[] {
  const [connector] = snapshot.connectors.values();
  if (tool !== null && connector !== undefined) {
    const target = { connectorSlug: connector.slug, kind: tool.kind, name: tool.name };
    const byAgent = new Map(whoCan(snapshot, target, at).map((row) => [row.agentId, row]));
    return agentIds.flatMap((agentId) => byAgent.get(agentId) ?? []);
  }
  return agentIds.flatMap((agentId) =>
    reach(snapshot, agentId, at).sort(
      (a, b) =>
        connectorIds.indexOf(a.connector.id) - connectorIds.indexOf(b.connector.id) ||
        compare(a.tool, { tool: b.tool.name, toolId: b.tool.id }),
    ),
  );
}

/** Of the connector at which the page before ended, only what follows; everything else comes after it anyway. */
function isAfter({ agentId, connector, tool }: Access, after: Place | null): boolean {
  if (after === null || agentId !== after.agentId || connector.slug !== after.slug) return true;
  return compare(tool, after) > 0;
}

function compare({ name, id }: Access["tool"], { tool, toolId }: Pick<Place, "tool" | "toolId">): number {
  if (name !== tool) return name < tool ? -1 : 1;
  return id === toolId ? 0 : id < toolId ? -1 : 1;
}

function readPlace(cursor: string | undefined): Place | null {
  const read = readCursor(cursor);
  if (read === null) return null;
  const [agentId, slug, toolId, ...tool] = read.id.split(" ");
  if (agentId === undefined || slug === undefined || toolId === undefined) {
    throw new DomainError("invalid_input", "This cursor is not one that a page gave.");
  }
  return { agentId, slug, toolId, tool: tool.join(" ") };
}

function cursorOf({ agentId, slug, toolId, tool }: Place): string {
  return Buffer.from(`\n${agentId} ${slug} ${toolId} ${tool.replaceAll("\n", " ")}`).toString("base64url");
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
