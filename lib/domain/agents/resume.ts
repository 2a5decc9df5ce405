import { DomainError } from "#lib/contract/errors.ts";
import { agentTable } from "#lib/core/lifecycle/agent.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { type AgentRow, lockAgent } from "#lib/domain/agents/rows.ts";
import { implementTwo } from "#lib/domain/implement.ts";

/** Undoing a stop takes two. */
export const resumeAgent = implementTwo("agents.resume", {
  load: ({ tx }, { agentId }) => lockAgent(tx, agentId),
  async propose(_context, { agent, ownerIds }) {
    resumed(agent);
    return { subjectId: agent.id, summary: `Let agent ${agent.slug} call tools again`, beneficiaries: ownerIds };
  },
  async applyChange({ tx }, { agent }, { reason }, change) {
    const status = resumed(agent);
    await tx.agent.update({
      where: { id: agent.id },
      data: { status, reason, changeId: change.id, rowVersion: { increment: 1 } },
    });
    return [{ type: "agent.resumed", subjects: [agent.id], agentId: agent.id, data: { change: change.id } }];
  },
});

function resumed(agent: AgentRow) {
  const status = next(agentTable, agent.status, "resume");
  if (status === null) throw new DomainError("invalid_transition", `The agent is ${agent.status}.`);
  return status;
}
