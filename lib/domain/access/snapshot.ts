import { compile } from "#lib/core/decision/compile.ts";
import type { Snapshot } from "#lib/core/decision/snapshot.ts";
import {
  type Query,
  readAgentRows,
  readConnectorRows,
  readGrantRows,
  readGrantRowsBetween,
} from "#lib/db/policy-rows.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { Pairs } from "#lib/domain/access/pairs.ts";

/**
 * The part of the gateway's snapshot that concerns one connector, compiled by the same function from the same rows, so that what
 * the console says is what the gateway does.
 */
export async function readSnapshotOf(tx: Tx, connectorId: string): Promise<Snapshot> {
  const query = queryOf(tx);
  const { connectors } = await readConnectorRows(query, [connectorId]);
  const grants = await readGrantRows(query, { principalIds: [], connectorIds: [connectorId] });
  const holders = grants.map(({ principalId }) => principalId);
  const members = await queryRows<{ id: string }>(
    tx,
    sql`select distinct member_id as id from team_member where member_kind = 'agent' and removed_at is null and team_id = any (${holders})`,
  );
  const agents = await readAgentRows(query, [...new Set([...holders, ...members.map(({ id }) => id)])]);
  return compile({ ...(await baseOf(tx)), agents, grants, connectors });
}

/** The part between some agents and some connectors. */
export async function readSnapshotBetween(tx: Tx, { agentIds, connectorIds }: Pairs): Promise<Snapshot> {
  const query = queryOf(tx);
  const agents = await readAgentRows(query, agentIds);
  const principalIds = [...new Set(agents.flatMap(({ id, teamIds }) => [id, ...teamIds]))];
  const grants = await readGrantRowsBetween(query, principalIds, connectorIds);
  const { connectors } = await readConnectorRows(query, connectorIds);
  return compile({ ...(await baseOf(tx)), agents, grants, connectors });
}

function queryOf(tx: Tx): Query {
  return (text, values) => tx.$queryRawUnsafe(text, ...values);
}

async function baseOf(tx: Tx) {
  const [row] = await queryRows<{ epoch: number }>(tx, sql`select epoch::float8 as epoch from policy_epoch`);
  return { epoch: row?.epoch ?? 0, policyVersion: "" };
}
