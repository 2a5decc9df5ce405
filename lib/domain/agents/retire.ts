import { DomainError } from "#lib/contract/errors.ts";
import { agentTable } from "#lib/core/lifecycle/agent.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { agentById, lockAgent } from "#lib/domain/agents/rows.ts";
import { implement } from "#lib/domain/implement.ts";

/** For good: its grants and keys end with it. */
export const retireAgent = implement("agents.retire", {
  load: ({ tx }, { agentId }) => lockAgent(tx, agentId),
  async run({ tx, caller, now }, { agent }, { reason }) {
    const status = next(agentTable, agent.status, "retire");
    if (status === null) throw new DomainError("invalid_transition", `The agent is ${agent.status}.`);
    await tx.agent.update({ where: { id: agent.id }, data: { status, reason, rowVersion: { increment: 1 } } });
    await tx.agentKey.updateMany({ where: { agentId: agent.id, revokedAt: null }, data: { revokedAt: now } });
    const own = { principalKind: "agent", principalId: agent.id, status: { in: ["pending", "active"] } };
    const grants = await tx.grant.findMany({ where: own, select: { id: true, connectorId: true } });
    await tx.grant.updateMany({
      where: own,
      data: { status: "revoked", reason: "The agent was retired", endedAt: now, endedBy: caller.id },
    });
    return {
      result: await agentById(tx, agent.id),
      events: [
        { type: "agent.retired", subjects: [agent.id], agentId: agent.id },
        ...grants.map((grant) => ({
          type: "grant.revoked" as const,
          subjects: [grant.id, agent.id],
          grantId: grant.id,
          agentId: agent.id,
          connectorId: grant.connectorId,
        })),
      ],
    };
  },
});
