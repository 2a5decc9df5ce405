import { DomainError } from "#lib/contract/errors.ts";
import { agentTable } from "#lib/core/lifecycle/agent.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { agentById, lockAgent } from "#lib/domain/agents/rows.ts";
import { dropProposals } from "#lib/domain/changes/expire.ts";
import { implement } from "#lib/domain/implement.ts";

/** Stopping always works: one person, at once (invariant 16). */
export const suspendAgent = implement("agents.suspend", {
  load: ({ tx }, { agentId }) => lockAgent(tx, agentId),
  async run(context, { agent }, { reason }) {
    const { tx } = context;
    const status = next(agentTable, agent.status, "suspend");
    if (status === null) throw new DomainError("invalid_transition", `The agent is ${agent.status}.`);
    await tx.agent.update({ where: { id: agent.id }, data: { status, reason, rowVersion: { increment: 1 } } });
    return {
      result: await agentById(tx, agent.id),
      events: [
        { type: "agent.suspended", subjects: [agent.id], agentId: agent.id },
        ...(await dropProposals(context, "agents.resume", agent.id)),
      ],
    };
  },
});
