import { compile } from "#lib/core/decision/compile.ts";
import type { Snapshot } from "#lib/core/decision/snapshot.ts";
import { type Query, readAgentRows, readConnectorRows, readGrantRows } from "#lib/db/policy-rows.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

/**
 * The part of the gateway's snapshot that concerns some agents or one connector, compiled by the same function from the same rows,
 * so that what the console says is what the gateway does.
 */
export async function readSnapshot(tx: Tx, about: { agentIds: string[] } | { connectorId: string }): Promise<Snapshot> {
  const query: Query = (text, values) => tx.$queryRawUnsafe(text, ...values);
  const [row] = await queryRows<{ epoch: number }>(tx, sql`select epoch::float8 as epoch from policy_epoch`);
  const base = { epoch: row?.epoch ?? 0, policyVersion: "" };
  if ("agentIds" in about) {
    const agents = await readAgentRows(query, about.agentIds);
    const principalIds = agents.flatMap(({ id, teamIds }) => [id, ...teamIds]);
    const grants = await readGrantRows(query, { principalIds, connectorIds: [] });
    const { connectors } = await readConnectorRows(query, [...new Set(grants.map(({ connectorId }) => connectorId))]);
    return compile({ ...base, agents, grants, connectors });
  }
  const { connectors } = await readConnectorRows(query, [about.connectorId]);
  const grants = await readGrantRows(query, { principalIds: [], connectorIds: [about.connectorId] });
  const holders = grants.map(({ principalId }) => principalId);
  const members = await queryRows<{ id: string }>(
    tx,
    sql`select distinct member_id as id from team_member where member_kind = 'agent' and removed_at is null and team_id = any (${holders})`,
  );
  const agents = await readAgentRows(query, [...new Set([...holders, ...members.map(({ id }) => id)])]);
  return compile({ ...base, agents, grants, connectors });
}
