import pg from "pg";
import { tokenHash } from "#lib/domain/people/tokens.ts";

/** How much there is, and the things that the measured calls ask about. */
export const size = {
  connectors: 2_000,
  tools: 100_000,
  agents: 10_000,
  teams: 200,
  requests: 100_000,
  grants: 1_000_000,
  calls: 300_000,
} as const;
/** Who asks: a security reviewer, a person who owns some things, and the owner of the connector with the most grants. */
export const secrets = {
  reviewer: "ambit_pat_bench_reviewer",
  requester: "ambit_pat_bench_requester",
  owner: "ambit_pat_bench_owner",
};
export const agentOf = (n: number) => `agt_${n}`;

const perConnector = size.tools / size.connectors;
const perTeam = size.agents / size.teams;

/** Tables in the order in which they are filled, with the select that fills them. */
const fills: readonly (readonly [table: string, columns: string, select: string])[] = [
  [
    "app_user",
    "id, issuer, subject, name",
    "select 'usr_' || n, 'bench', n::text, 'Person ' || n from generate_series(1, 500) n",
  ],
  ["role_assignment", "id, user_id, role, source", "values ('rol_1', 'usr_1', 'security_reviewer', 'demo')"],
  [
    "agent",
    "id, slug, name, purpose, environment, labels, created_by, created_at",
    `select 'agt_' || n, 'agent-' || n, 'Agent ' || n, 'Answers questions of department ' || n % 90, 'production', '{}', 'usr_2',
       now() - n * interval '1 minute' from generate_series(1, ${size.agents}) n`,
  ],
  [
    "team",
    "id, name, kind, created_by",
    `select 'tea_' || n, 'Team ' || n, 'business', 'usr_2' from generate_series(1, ${size.teams}) n`,
  ],
  [
    "team_member",
    "id, team_id, member_kind, member_id, source",
    `select 'mem_' || n, 'tea_' || (1 + n / ${perTeam}), 'agent', 'agt_' || (n + 1), 'demo' from generate_series(0, ${size.agents - 1}) n`,
  ],
  [
    "connector",
    "id, slug, name, purpose, environment, classification, tier, status, transport, approved_version_id, created_by, created_at",
    `select 'con_' || n, 'server-' || n, 'Server ' || n, 'Serves the records of department ' || n % 90, 'production', 'internal', 'low',
       case when n % 20 = 0 then 'requested' else 'enabled' end, 'streamable-http', 'ver_' || n, 'usr_2', now() - n * interval '1 hour'
     from generate_series(1, ${size.connectors}) n`,
  ],
  [
    "connector_version",
    "id, connector_id, number, status, digest, content, identity, findings, created_by",
    `select 'ver_' || n, 'con_' || n, 1, 'approved', encode(sha256(n::text::bytea), 'hex'), n::text::bytea,
       json_build_object('transport', 'streamable-http', 'url', 'https://server-' || n || '.example/mcp'), '[]', 'usr_2'
     from generate_series(1, ${size.connectors}) n`,
  ],
  [
    "tool",
    "id, connector_id, kind, name, title, description, effect, labels, created_at",
    `select 'tol_' || n, 'con_' || (1 + n / ${perConnector}), 'tool',
       (array['get', 'list', 'search', 'create', 'update', 'delete', 'send', 'export'])[1 + n % 8] || '_' ||
         (array['issue', 'invoice', 'customer', 'contract', 'ticket', 'report', 'calendar', 'payment', 'employee', 'repository'])[1 + n / 8 % 10] || '_' || n,
       null, 'Works on records of the department and answers with their fields. ' || case when n = 77777 then 'Zanzibar only.' else '' end,
       case when n % 8 < 3 then 'read' else 'write' end, '{}', now() - n * interval '1 second'
     from generate_series(0, ${size.tools - 1}) n`,
  ],
  [
    "version_tool",
    "id, version_id, tool_id, kind, name, digest, definition, effect, why, labels",
    `select 'vto' || id, replace(connector_id, 'con_', 'ver_'), id, kind, name, encode(sha256(d), 'hex'), d, effect, '{}', '{}' from (
       select t.*, convert_to(json_build_object('name', t.name, 'description', t.description, 'inputSchema', json_build_object('type', 'object',
         'properties', json_build_object('id', json_build_object('type', 'string', 'description', 'Which record'),
           'limit', json_build_object('type', 'integer', 'description', 'How many'))))::text, 'UTF8') as d from tool t) t`,
  ],
  [
    "request",
    "id, kind, state, title, requester_id, connector_id, version_id, tier, digest, content, config_version, round, form, agent_ids",
    `select 'req_' || n, case when n <= ${size.connectors} then 'connector' else 'grant' end, 'approved', 'Request ' || n, 'usr_' || (3 + n % 400),
       'con_' || (1 + n % ${size.connectors}), 'ver_' || (1 + n % ${size.connectors}), 'low', encode(sha256(n::text::bytea), 'hex'), n::text::bytea, 1, 1, '{}', '{}'
     from generate_series(1, ${size.requests}) n`,
  ],
  [
    "approval",
    "id, request_id, connector_id, version_id, digest, tier, tools, expires_at",
    `select 'apr_' || v.id, 'req_' || v.id, v.connector_id, v.id, v.digest, 'low', array(select name from tool t where t.connector_id = v.connector_id),
       now() + interval '90 days' from connector_version v`,
  ],
  [
    "ownership",
    "id, subject_kind, subject_id, owner_kind, owner_id, role, named_by",
    `select 'own_c' || n, 'connector', 'con_' || n, 'user', 'usr_' || (3 + n % 400), 'accountable', 'usr_2' from generate_series(1, ${size.connectors}) n
     union all select 'own_a' || n, 'agent', 'agt_' || n, 'user', 'usr_' || (3 + n % 400), 'accountable', 'usr_2' from generate_series(1, ${size.agents}) n`,
  ],
  [
    "scope_grant",
    "id, request_id, approval_id, principal_kind, principal_id, connector_id, version_id, scope, starts_at, expires_at, status, created_at",
    // The square makes a few connectors popular: the first has 22,000 grants.
    `select 'grt_' || n, 'req_' || (1 + n % ${size.requests}), 'apr_ver_' || c, case when n % 100 = 0 then 'team' else 'agent' end,
       case when n % 100 = 0 then 'tea_' || (1 + n / 100 % ${size.teams}) else 'agt_' || (1 + n % ${size.agents}) end, 'con_' || c, 'ver_' || c,
       '{"tools": {"effects": ["read"]}, "actions": ["discover", "invoke"], "constraints": [], "rate": null}', now() - interval '1 day',
       now() + (1 + n % 89) * interval '1 day', case when n % 10 = 0 then 'expired' else 'active' end, now() - n * interval '2 seconds'
     from (select n, 1 + floor(${size.connectors} * power(hashint4(n)::float8 / 4294967296 + 0.5, 2))::int as c from generate_series(1, ${size.grants}) n) s`,
  ],
  [
    "audit_event",
    "id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, grant_id",
    `select 'evt_' || n, case when n % 2 = 0 then 'call.outcome' else 'call.intent' end, now() - (${size.calls} - n) * interval '5 seconds', 'agent', g.principal_id,
       '{}', '\\x7b7d', 'cal_' || n / 2, g.connector_id, g.principal_id, 'get_issue_0', 'permit', g.id
     from generate_series(1, ${size.calls}) n join scope_grant g on g.id = 'grt_' || (1 + n * 7 % ${size.grants}) order by n`,
  ],
];

/** Fills the database as its owner, with the triggers of the filled tables off. */
export async function loadInventory(ownerUrl: string, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("insert into instance (mode, log_origin) values ('demo', 'bench') on conflict do nothing");
    for (const [table, columns, select] of fills) {
      const started = performance.now();
      await client.query(`alter table ${table} disable trigger user`);
      const { rowCount } = await client.query(`insert into ${table} (${columns}) ${select}`);
      await client.query(`alter table ${table} enable trigger user`);
      say(`${rowCount} rows of ${table} in ${Math.round(performance.now() - started)} ms`);
    }
    await client.query("alter table access_token disable trigger user");
    for (const [who, secret] of [
      ["usr_1", secrets.reviewer],
      ["usr_3", secrets.requester],
      ["usr_4", secrets.owner],
    ]) {
      await client.query(
        "insert into access_token (id, user_id, name, hash, scopes, expires_at) values ($1, $2, 'bench', $3, '{*}', now() + interval '1 day')",
        [`tok_${who}`, who, tokenHash(secret ?? "")],
      );
    }
    await client.query("alter table access_token enable trigger user");
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}
