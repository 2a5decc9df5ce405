import type pg from "pg";
import type { AgentRow, ConnectorRow, GrantRow } from "#lib/core/decision/snapshot.ts";
import { type Query, readAgentRows, readConnectorRows, readGrantRows, type Target } from "#lib/db/policy-rows.ts";
import type { AllowedHost } from "#lib/mcp/egress/address.ts";

export type { CredentialRow, Target } from "#lib/db/policy-rows.ts";

/** An entry of the allow-list; `expiresAt` in milliseconds by the database's clock. */
export type AllowedEntry = AllowedHost & { expiresAt: number };

/** Which rows to read: everything, or those of these agents and connectors. `grants` names principals and connectors. */
export type Wanted =
  | "all"
  | { agents: string[]; connectors: string[]; grants: { principalIds: string[]; connectorIds: string[] } };

/** One consistent look at what decisions depend on. */
export type PolicyRows = {
  epoch: number;
  /** What was read. */
  wanted: Wanted;
  agents: AgentRow[];
  connectors: ConnectorRow[];
  grants: GrantRow[];
  targets: Target[];
  allowList: AllowedEntry[];
  isDemo: boolean;
};

// `query_timeout` makes the pool throw the connection away when the database does not answer
const epochQuery = {
  name: "epoch",
  query_timeout: 1_500,
  text: "select epoch::float8 as epoch, extract(epoch from clock_timestamp())::float8 * 1000 as now from policy_epoch where id = 1",
};

/** The database's policy epoch and clock (milliseconds). */
export async function readEpoch(pool: pg.Pool): Promise<{ epoch: number; databaseMs: number }> {
  const { rows } = await pool.query<{ epoch: number; now: number }>(epochQuery);
  const [row] = rows;
  if (row === undefined) throw new Error("policy_epoch is empty");
  return { epoch: row.epoch, databaseMs: row.now };
}

/** Reads in one repeatable-read transaction, so that epoch and rows belong together. */
export async function readPolicy(pool: pg.Pool, wanted: (epoch: number) => Wanted): Promise<PolicyRows> {
  const client = await pool.connect();
  const query: Query = async <Row>(text: string, values: unknown[]) => (await client.query(text, values)).rows as Row[];
  let failed = true;
  try {
    await client.query("begin isolation level repeatable read read only");
    const found = await client.query<{ epoch: number }>("select epoch::float8 as epoch from policy_epoch where id = 1");
    const epoch = found.rows[0]?.epoch ?? 0;
    const want = wanted(epoch);
    const agents = await readAgentRows(query, want === "all" ? null : want.agents);
    const { connectors, targets } = await readConnectorRows(query, want === "all" ? null : want.connectors);
    const grants = await readGrantRows(query, want === "all" ? null : want.grants);
    const allowed = await client.query<AllowedEntry>(
      `select host, port, extract(epoch from expires_at)::float8 * 1000 as "expiresAt" from egress_allow
       where removed_at is null and expires_at > now()`,
    );
    const instance = await client.query("select from instance where mode = 'demo'");
    await client.query("commit");
    failed = false;
    return {
      epoch,
      wanted: want,
      agents,
      connectors,
      grants,
      targets,
      allowList: allowed.rows,
      isDemo: instance.rowCount === 1,
    };
  } finally {
    // a connection that failed inside a transaction is not worth keeping
    client.release(failed);
  }
}
