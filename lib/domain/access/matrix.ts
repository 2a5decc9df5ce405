import { decide } from "#lib/core/decision/decide.ts";
import { REASONS } from "#lib/core/decision/reasons.ts";
import { resolveTarget } from "#lib/domain/access/scope.ts";
import { readSnapshotOf } from "#lib/domain/access/snapshot.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const accessMatrix = implementQuery("access.matrix", {
  async load(context, { connectorId }) {
    const target = await resolveTarget(context, { connectorId });
    if (target?.connector == null) return null;
    return { resource: target.connector, facts: { ownerIds: target.ownerIds } };
  },
  async run({ tx, now }, { id, slug }) {
    const snapshot = await readSnapshotOf(tx, id);
    const tools = [...(snapshot.connectors.get(slug)?.tools.tool.values() ?? [])];
    const agents = await tx.agent.findMany({
      where: { id: { in: [...snapshot.agents.keys()] } },
      orderBy: { name: "asc" },
      select: { id: true, name: true },
    });
    const cell = (agentId: string, name: string) =>
      decide(snapshot, { agentId, connectorSlug: slug, action: "invoke", kind: "tool", name, now: now.getTime() });
    return {
      tools: tools.map((tool) => ({ id: tool.id, name: tool.name, effect: tool.effect })),
      agents: agents.map(({ id: agentId, name }) => ({
        id: agentId,
        name,
        cells: tools.map((tool) => {
          const { effect, reason } = cell(agentId, tool.name);
          const access = effect === "permit" ? "permit" : REASONS[reason].isListed ? "conditional" : "none";
          return { toolId: tool.id, access, reason } as const;
        }),
      })),
    };
  },
});
