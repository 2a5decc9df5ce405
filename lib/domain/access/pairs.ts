import type { Caller } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { ownedBy, principalsOf } from "#lib/domain/owners.ts";

const connectorsTogether = 8;
/** Agents looked at for one page, of any connector and of one; those without any access make a page short, never slow. */
const agentsPerPage = 20;
const holdersPerPage = 256;

type Fixed = { id: string } | null;
/** Agents and connectors between which there may be access, in the order of agent and slug. */
export type Pairs = { agentIds: string[]; connectorIds: string[] };

/**
 * The pairs that a page of access has to look at, a few at a time.
 * @param from the agent and the slug to start at, both included
 * @param rows that the page needs: of one connector, so many agents are looked at first
 * @param stopped told when more agents remain than one page looks at
 */
export async function* pairsFrom(
  tx: Tx,
  caller: Caller,
  { agent, connector }: { agent: Fixed; connector: Fixed },
  from: { agentId: string; slug: string },
  rows: number,
  stopped: (nextAgentId: string) => void,
): AsyncGenerator<Pairs> {
  if (connector !== null) {
    if (agent !== null) return yield { agentIds: [agent.id], connectorIds: [connector.id] };
    const holders = await holdersOf(tx, connector.id, from.agentId);
    for (const agentIds of [holders.slice(0, rows), holders.slice(rows, holdersPerPage)]) {
      if (agentIds.length > 0) yield { agentIds, connectorIds: [connector.id] };
    }
    const next = holders[holdersPerPage];
    return next === undefined ? undefined : stopped(next);
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

/** Agents with a grant on a connector, their own or their team's; one more than a page looks at. */
async function holdersOf(tx: Tx, connectorId: string, from: string): Promise<string[]> {
  const limit = holdersPerPage + 1;
  const rows = await queryRows<{ id: string }>(
    tx,
    // Each side in the order of its index, so that it ends after a page, however popular the connector is.
    sql`select id from (
          (select distinct g.principal_id as id from scope_grant g join agent a on a.id = g.principal_id
            where g.connector_id = ${connectorId} and g.status = 'active' and g.principal_id >= ${from} order by 1 limit ${limit})
          union (select m.member_id from team_member m where m.member_kind = 'agent' and m.removed_at is null and m.member_id >= ${from}
            and m.team_id = any (array(select t.id from team t where exists (select 1 from scope_grant g
              where g.connector_id = ${connectorId} and g.principal_id = t.id and g.status = 'active'))) order by 1 limit ${limit})) h
        order by id limit ${limit}`,
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
