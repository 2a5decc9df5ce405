import type { Caller } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { ownedBy, principalsOf } from "#lib/domain/owners.ts";

/** Agents of one connector that are looked at together; of any connector, agents come one after the other. */
const agentsTogether = 256;
const connectorsTogether = 8;
/** Agents looked at for one page; those without any access make a page short, never slow. */
const agentsPerPage = 20;

type Fixed = { id: string } | null;
/** Agents and connectors between which there may be access, in the order of agent and slug. */
export type Pairs = { agentIds: string[]; connectorIds: string[] };

/**
 * The pairs that a page of access has to look at, a few at a time.
 * @param from the agent and the slug to start at, both included
 * @param stopped told when more agents remain than one page looks at
 */
export async function* pairsFrom(
  tx: Tx,
  caller: Caller,
  { agent, connector }: { agent: Fixed; connector: Fixed },
  from: { agentId: string; slug: string },
  stopped: (nextAgentId: string) => void,
): AsyncGenerator<Pairs> {
  if (connector !== null) {
    if (agent !== null) return yield { agentIds: [agent.id], connectorIds: [connector.id] };
    let rest = await holdersOf(tx, connector.id, from.agentId);
    while (rest.length > 0) {
      yield { agentIds: rest.slice(0, agentsTogether), connectorIds: [connector.id] };
      const next = rest[agentsTogether];
      rest = next === undefined ? [] : await holdersOf(tx, connector.id, next);
    }
    return;
  }
  const agentIds = agent === null ? await agentsWithGrants(tx, caller, from.agentId) : [agent.id];
  for (const [at, agentId] of agentIds.entries()) {
    if (at === agentsPerPage) return stopped(agentId);
    const connectorIds = await connectorsOf(tx, agentId, agentId === from.agentId ? from.slug : "");
    for (let start = 0; start < connectorIds.length; start += connectorsTogether) {
      yield { agentIds: [agentId], connectorIds: connectorIds.slice(start, start + connectorsTogether) };
    }
  }
}

/** Agents with a grant on a connector, their own or their team's; one more than are looked at together. */
async function holdersOf(tx: Tx, connectorId: string, from: string): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select id from (
          select g.principal_id as id from scope_grant g where g.connector_id = ${connectorId} and g.status = 'active' and g.principal_kind = 'agent'
          union select m.member_id from team_member m where m.member_kind = 'agent' and m.removed_at is null and m.team_id in (
            select g.principal_id from scope_grant g where g.connector_id = ${connectorId} and g.status = 'active' and g.principal_kind = 'team')) h
        where id >= ${from} order by id limit ${agentsTogether + 1}`,
  );
  return rows.map(({ id }) => id);
}

async function agentsWithGrants(tx: Tx, caller: Caller, from: string): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select a.id from agent a where a.id >= ${from} and a.status = 'active'
          and ${seesAllAccess(caller) ? sql`true` : ownedBy(sql`a.id`, caller.id)}
          and exists (select 1 from scope_grant g where g.status = 'active' and g.principal_id = any (${principalsOf(sql`a.id`)}))
        order by a.id limit ${agentsPerPage + 1}`,
  );
  return rows.map(({ id }) => id);
}

async function connectorsOf(tx: Tx, agentId: string, fromSlug: string): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select c.id from connector c where c.slug >= ${fromSlug} and c.id in (
          select g.connector_id from scope_grant g where g.status = 'active' and g.principal_id = any (${principalsOf(sql`${agentId}`)}))
        order by c.slug`,
  );
  return rows.map(({ id }) => id);
}
