import type { Action } from "#lib/core/action.ts";
import { type AgentEvent, agentTable } from "#lib/core/lifecycle/agent.ts";
import { availableEvents } from "#lib/core/lifecycle/machine.ts";
import { allowed } from "#lib/core/permit.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { findAgent, toAgents } from "#lib/domain/agents/rows.ts";
import { implementQuery } from "#lib/domain/implement.ts";
import { ownerPeople } from "#lib/domain/owners.ts";
import { env } from "#lib/platform/env.ts";

export const getAgent = implementQuery("agents.get", {
  async load({ tx }, { agentId }) {
    const agent = await findAgent(tx, agentId);
    if (agent === null) return null;
    const ownerIds = await ownerPeople(tx, agent.id);
    return { resource: { agent, ownerIds }, facts: { ownerIds } };
  },
  async run({ tx, caller }, { agent, ownerIds }) {
    const [shown] = await toAgents(tx, [agent]);
    if (shown === undefined) throw new Error("toAgents lost a row");
    const keys = await tx.agentKey.findMany({ where: { agentId: agent.id }, orderBy: { addedAt: "desc" } });
    const teams = await queryRows<{ id: string; name: string }>(
      tx,
      sql`select t.id, t.name from team_member m join team t on t.id = m.team_id
          where m.member_id = ${agent.id} and m.removed_at is null order by t.name`,
    );
    const alive = agent.status !== "retired";
    const may = (action: Action) => allowed({ ...caller, interactiveSignInAgeSeconds: 0 }, action, { ownerIds });
    const changes: AgentEvent[] = availableEvents(agentTable, agent.status).filter((event) => may(`agent:${event}`));
    return {
      ...shown,
      keys: keys.map(({ id, thumbprint, algorithm, addedAt, revokedAt }) => ({
        id,
        thumbprint,
        algorithm: algorithm === "EdDSA" ? ("EdDSA" as const) : ("ES256" as const),
        addedAt: addedAt.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
      })),
      teams,
      may: [
        ...changes,
        ...(alive && may("agent:add-key") ? (["add-key"] as const) : []),
        ...(alive && may("agent:revoke-key") ? (["revoke-key"] as const) : []),
      ],
      connect: {
        issuer: env().AMBIT_GATEWAY_URL,
        tokenEndpoint: `${env().AMBIT_GATEWAY_URL}/oauth/token`,
        clientId: agent.id,
      },
    };
  },
});
