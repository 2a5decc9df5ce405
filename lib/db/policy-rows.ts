import type { AgentRow, ConnectorRow, GrantRow, ToolRow } from "#lib/core/decision/snapshot.ts";
import type { ServerIdentity } from "#lib/core/inspection/snapshot.ts";

/** Runs one query: `pg` in the gateway, Prisma's raw queries in the application. */
export type Query = <Row>(text: string, values: unknown[]) => Promise<Row[]>;

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

/** Agents with their keys and teams; all of them for null. */
export async function readAgentRows(query: Query, ids: string[] | null): Promise<AgentRow[]> {
  if (ids?.length === 0) return [];
  return query<AgentRow>(
    `select a.id, a.status,
       coalesce((select json_agg(json_build_object('id', k.thumbprint, 'thumbprint', k.thumbprint, 'revoked', k.revoked_at is not null))
         from agent_key k where k.agent_id = a.id), '[]') as keys,
       coalesce((select json_agg(m.team_id) from team_member m
         where m.member_kind = 'agent' and m.member_id = a.id and m.removed_at is null), '[]') as "teamIds"
     from agent a where $1::text[] is null or a.id = any ($1::text[])`,
    [ids],
  );
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

/** Connectors with the tools of their approved version, and where their calls go; all of them for null. */
export async function readConnectorRows(
  query: Query,
  ids: string[] | null,
): Promise<{ connectors: ConnectorRow[]; targets: Target[] }> {
  if (ids?.length === 0) return { connectors: [], targets: [] };
  // The approval of a version has the version's digest; approvals of grants have their request's.
  const rows = await query<ConnectorAnswer>(
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
     where $1::text[] is null or c.id = any ($1::text[])`,
    [ids],
  );
  const byVersion = await readToolRows(
    query,
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

async function readToolRows(query: Query, versionIds: string[]): Promise<Map<string, ToolAnswer[]>> {
  const rows = await query<ToolAnswer>(
    `select w.version_id as "versionId", t.id as "toolId", w.kind, w.name, w.digest as "definitionDigest",
       convert_from(w.definition, 'UTF8') as definition, t.effect, t.status = 'removed' as removed,
       exists (select 1 from quarantine q where q.tool_id = t.id and q.connector_id = t.connector_id
         and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)) as quarantined
     from version_tool w join tool t on t.id = w.tool_id where w.version_id = any ($1::text[])`,
    [versionIds],
  );
  return Map.groupBy(rows, (row) => row.versionId);
}

const grantColumns = `select id, principal_kind as "principalKind", principal_id as "principalId", connector_id as "connectorId",
    version_id as "versionId", scope::text as scope, status, extract(epoch from starts_at)::float8 * 1000 as "startsAt",
    extract(epoch from expires_at)::float8 * 1000 as "expiresAt"
  from scope_grant where (status in ('pending', 'active') or coalesce(ended_at, expires_at) > now() - interval '7 days')`;

/** Grants of these principals and on these connectors, those that ended in the last week included for the reason that they give; all for null. */
export async function readGrantRows(
  query: Query,
  wanted: { principalIds: string[]; connectorIds: string[] } | null,
): Promise<GrantRow[]> {
  if (wanted !== null && wanted.principalIds.length === 0 && wanted.connectorIds.length === 0) return [];
  if (wanted === null) return readAllGrantRows(query);
  const text = `${grantColumns} and (principal_id = any ($1::text[]) or connector_id = any ($2::text[]))`;
  return (await query<GrantAnswer>(text, [wanted.principalIds, wanted.connectorIds])).map(shareAlike());
}

const grantsPerPage = 5_000;

/** In pages: an answer of the database is many times as large as what is kept of it. */
async function readAllGrantRows(query: Query): Promise<GrantRow[]> {
  const text = `${grantColumns} and id > $1 order by id limit ${grantsPerPage}`;
  const alike = shareAlike();
  const grants: GrantRow[] = [];
  for (let last = ""; ; last = grants.at(-1)?.id ?? "") {
    const page = await query<GrantAnswer>(text, [last]);
    for (const row of page) grants.push(alike(row));
    if (page.length < grantsPerPage) return grants;
  }
}

/** The same, only between these principals and these connectors. */
export async function readGrantRowsBetween(
  query: Query,
  principalIds: string[],
  connectorIds: string[],
): Promise<GrantRow[]> {
  const text = `${grantColumns} and principal_id = any ($1::text[]) and connector_id = any ($2::text[])`;
  return (await query<GrantAnswer>(text, [principalIds, connectorIds])).map(shareAlike());
}

type GrantAnswer = { -readonly [K in keyof GrantRow]: GrantRow[K] };

/** Most grants are alike: equal ids are one text, and each scope is parsed once. */
function shareAlike(): (row: GrantAnswer) => GrantRow {
  const texts = new Map<string, string>();
  const scopes = new Map<string, unknown>();
  function share<T extends string>(text: T): T;
  function share(text: string): string {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  }
  return (row) => {
    const text = String(row.scope);
    if (!scopes.has(text)) scopes.set(text, JSON.parse(text));
    row.scope = scopes.get(text);
    row.principalKind = share(row.principalKind);
    row.principalId = share(row.principalId);
    row.connectorId = share(row.connectorId);
    row.versionId = share(row.versionId);
    row.status = share(row.status);
    return row;
  };
}
