import type pg from "pg";
import type { AgentRow, ConnectorRow, GrantRow, ToolRow } from "#lib/core/decision/snapshot.ts";
import type { ServerIdentity } from "#lib/core/inspection/snapshot.ts";
import type { AllowedHost } from "#lib/mcp/egress/address.ts";

/** A sealed credential towards one host. */
export type CredentialRow = { id: string; host: string; kind: string; sealed: Buffer };

/** Where a connector's calls go, beside what decisions read: identity as approved, how to start it, its credential. */
export type Target = {
  connectorId: string;
  slug: string;
  name: string;
  versionId: string;
  identity: ServerIdentity;
  /** How a stdio server is started; null for others. */
  launch: unknown;
  credential: CredentialRow | null;
};

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
  let failed = true;
  try {
    await client.query("begin isolation level repeatable read read only");
    const found = await client.query<{ epoch: number }>("select epoch::float8 as epoch from policy_epoch where id = 1");
    const epoch = found.rows[0]?.epoch ?? 0;
    const want = wanted(epoch);
    const agents = await readAgents(client, want === "all" ? null : want.agents);
    const { connectors, targets } = await readConnectors(client, want === "all" ? null : want.connectors);
    const grants = await readGrants(client, want === "all" ? null : want.grants);
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

async function readAgents(client: pg.PoolClient, ids: string[] | null): Promise<AgentRow[]> {
  if (ids?.length === 0) return [];
  const { rows } = await client.query<AgentRow>(
    `select a.id, a.status,
       coalesce((select json_agg(json_build_object('id', k.thumbprint, 'thumbprint', k.thumbprint, 'revoked', k.revoked_at is not null))
         from agent_key k where k.agent_id = a.id), '[]') as keys,
       coalesce((select json_agg(m.team_id) from team_member m
         where m.member_kind = 'agent' and m.member_id = a.id and m.removed_at is null), '[]') as "teamIds"
     from agent a where $1::text[] is null or a.id = any ($1)`,
    [ids],
  );
  return rows;
}

type ConnectorAnswer = Omit<ConnectorRow, "tools"> & {
  name: string;
  identity: ServerIdentity;
  launch: unknown;
  approvedTools: string[];
  holdTools: string[];
  credential: { id: string; host: string; kind: string; sealed: string } | null;
};
type ToolAnswer = Omit<ToolRow, "approved" | "hold"> & { versionId: string };

async function readConnectors(
  client: pg.PoolClient,
  ids: string[] | null,
): Promise<{ connectors: ConnectorRow[]; targets: Target[] }> {
  if (ids?.length === 0) return { connectors: [], targets: [] };
  // The approval of a version has the version's digest; approvals of grants have their request's.
  const { rows } = await client.query<ConnectorAnswer>(
    `select c.id, c.slug, c.name, c.environment, c.tier, v.id as "versionId", v.digest as "versionDigest", v.identity, v.launch,
       case when c.status = 'enabled' and (v.status <> 'approved' or exists (select 1 from quarantine q where q.connector_id = c.id
         and q.tool_id is null and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)))
         then 'quarantined' else c.status end as status,
       coalesce(a.tools, '{}') as "approvedTools", coalesce(a.hold_tools, '{}') as "holdTools",
       case when coalesce(a.any_agent, false) then null else coalesce(a.agent_ids, '{}') end as "agentsAllowed",
       coalesce(extract(epoch from a.expires_at)::float8 * 1000, 0) as "approvalExpiresAt",
       (select json_build_object('id', s.id, 'host', s.host, 'kind', s.kind, 'sealed', encode(s.sealed, 'base64'))
         from sealed_credential s where s.connector_id = c.id and s.destroyed_at is null and s.sealed is not null
         order by s.created_at desc limit 1) as credential
     from connector c join connector_version v on v.id = c.approved_version_id and v.connector_id = c.id
     left join lateral (select * from approval p where p.version_id = v.id and p.connector_id = c.id and p.digest = v.digest
       and p.revoked_at is null order by p.approved_at desc limit 1) a on true
     where $1::text[] is null or c.id = any ($1)`,
    [ids],
  );
  const byVersion = await readTools(
    client,
    rows.map((row) => row.versionId),
  );
  const connectors = rows.map(({ name, identity, launch, approvedTools, holdTools, credential, ...row }) => {
    const approved = new Set(approvedTools);
    const hold = new Set(holdTools);
    const tools = (byVersion.get(row.versionId) ?? []).map((tool) => ({
      ...tool,
      approved: approved.has(tool.name),
      hold: hold.has(tool.name),
    }));
    return { ...row, tools };
  });
  const targets = rows.map(({ id, slug, name, versionId, identity, launch, credential }) => ({
    connectorId: id,
    slug,
    name,
    versionId,
    identity,
    launch,
    credential: credential && { ...credential, sealed: Buffer.from(credential.sealed, "base64") },
  }));
  return { connectors, targets };
}

async function readTools(client: pg.PoolClient, versionIds: string[]): Promise<Map<string, ToolAnswer[]>> {
  const { rows } = await client.query<ToolAnswer>(
    `select w.version_id as "versionId", t.id as "toolId", w.kind, w.name, w.digest as "definitionDigest",
       convert_from(w.definition, 'UTF8') as definition, t.effect, t.status = 'removed' as removed,
       exists (select 1 from quarantine q where q.tool_id = t.id and q.connector_id = t.connector_id
         and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)) as quarantined
     from version_tool w join tool t on t.id = w.tool_id where w.version_id = any ($1)`,
    [versionIds],
  );
  return Map.groupBy(rows, (row) => row.versionId);
}

async function readGrants(
  client: pg.PoolClient,
  wanted: { principalIds: string[]; connectorIds: string[] } | null,
): Promise<GrantRow[]> {
  if (wanted !== null && wanted.principalIds.length === 0 && wanted.connectorIds.length === 0) return [];
  // Grants that ended lately are kept for the reason that they give.
  const { rows } = await client.query<GrantAnswer>(
    `select id, principal_kind as "principalKind", principal_id as "principalId", connector_id as "connectorId", version_id as "versionId",
       scope::text as scope, status, extract(epoch from starts_at)::float8 * 1000 as "startsAt", extract(epoch from expires_at)::float8 * 1000 as "expiresAt"
     from scope_grant where (status in ('pending', 'active') or coalesce(ended_at, expires_at) > now() - interval '7 days')
       and ($1::text[] is null or principal_id = any ($1) or connector_id = any ($2))`,
    [wanted?.principalIds ?? null, wanted?.connectorIds ?? null],
  );
  // most grants are alike: each scope is parsed once
  const scopes = new Map<string, unknown>();
  for (const row of rows) {
    const text = String(row.scope);
    if (!scopes.has(text)) scopes.set(text, JSON.parse(text));
    row.scope = scopes.get(text);
  }
  return rows;
}

type GrantAnswer = { -readonly [K in keyof GrantRow]: GrantRow[K] };
