import { createHash } from "node:crypto";
import pg from "pg";
import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import type { Effect } from "#lib/core/effect.ts";
import type { Capability } from "#lib/core/inspection/snapshot.ts";
import { newId } from "#lib/platform/id.ts";

/** A connector as a test wants it; everything not given is ordinary. */
export type ConnectorSeed = {
  slug?: string;
  url: string;
  tools: readonly JsonObject[];
  /** Resources, templates and prompts; approved like the tools. */
  others?: readonly Capability[];
  effects?: Readonly<Record<string, Effect>>;
  approved?: readonly string[];
  hold?: readonly string[];
  agentIds?: readonly string[];
  status?: string;
  serverName?: string;
  protocolVersion?: string;
  tls?: JsonObject | null;
  /** Replaces the identity, for servers of another transport. */
  identity?: JsonObject;
  launch?: JsonObject;
  approvalSeconds?: number;
};

export type GrantSeed = {
  agentId: string;
  connector: SeededConnector;
  tools?: { names: readonly string[] } | { effects: readonly Effect[] };
  actions?: readonly string[];
  constraints?: readonly JsonObject[];
  rate?: { calls: number; perSeconds: number } | null;
  /** Relative to now. */
  seconds?: number;
};

export type SeededConnector = {
  id: string;
  slug: string;
  versionId: string;
  approvalId: string;
  toolIds: Record<string, string>;
};

/**
 * Rows of an estate, written by the owner around the workflow (triggers of tables are off, so nothing is audited or refused).
 * Changes that the gateways must hear about go through `change`, with the policy triggers on.
 */
export type Estate = {
  agent(thumbprint: string, status?: string): Promise<string>;
  connector(seed: ConnectorSeed): Promise<SeededConnector>;
  grant(seed: GrantSeed): Promise<string>;
  /** Many grants on a connector, held by a hundredth as many other agents. */
  addGrantsOfOthers(connector: SeededConnector, count: number): Promise<void>;
  allow(port: number): Promise<void>;
  credential(connectorId: string, host: string, kind: string, sealed: Buffer): Promise<void>;
  /** One statement that raises the policy epoch and notifies, as the application's own changes do. */
  change(sql: string, values?: unknown[]): Promise<void>;
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

/** @param ownerUrl a connection that may set `session_replication_role` (a superuser, or granted) */
export async function openEstate(ownerUrl: string): Promise<Estate> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on("error", () => {});
  await client.connect();
  let turn: Promise<unknown> = Promise.resolve();

  /** Statements of one connection, one after the other. */
  function locked<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function quietly(statements: readonly (readonly [string, unknown[]])[]): Promise<void> {
    await locked(async () => {
      await client.query("begin");
      for (const table of governed) await client.query(`alter table ${table} disable trigger user`);
      for (const [sql, values] of statements) await client.query(sql, values);
      for (const table of governed) await client.query(`alter table ${table} enable trigger user`);
      // names no row, so that gateways read everything again
      await client.query(
        `update policy_epoch_part set epoch = epoch + 1 where id = 1;
         select pg_notify('ambit_policy', json_build_object('epoch', epoch, 'table', 'estate')::text) from policy_epoch`,
      );
      await client.query("commit");
    });
  }

  return {
    async agent(thumbprint, status = "active") {
      const id = newId("agt");
      await quietly([
        [
          "insert into agent (id, slug, name, purpose, environment, status, created_by) values ($1, $1, $1, 'test', 'test', $2, 'usr_test')",
          [id, status],
        ],
        [
          "insert into agent_key (id, agent_id, thumbprint, public_jwk, algorithm, source, added_by) values ($1, $2, $3, '{}', 'EdDSA', 'demo', 'usr_test')",
          [newId("key"), id, thumbprint],
        ],
      ]);
      return id;
    },
    async connector(seed) {
      const slug = seed.slug ?? `c-${newId("x").slice(-12)}`;
      const [id, versionId, approvalId] = [newId("con"), newId("ver"), newId("apr")];
      const identity = seed.identity ?? {
        transport: "streamable-http",
        url: seed.url,
        host: new URL(seed.url).hostname,
        tls: seed.tls ?? null,
        protocolVersion: seed.protocolVersion ?? "2025-11-25",
        serverInfo: { name: seed.serverName ?? "fixture", version: "1.0.0" },
        instructions: null,
        capabilities: {},
      };
      const content = Buffer.from(canonicalize({ versionId, identity }));
      const digest = sha256(content);
      const offered: Capability[] = [
        ...seed.tools.map((tool) => ({ kind: "tool" as const, name: String(tool.name), definition: tool })),
        ...(seed.others ?? []),
      ];
      const toolIds: Record<string, string> = {};
      const statements: [string, unknown[]][] = [
        [
          `insert into connector (id, slug, name, purpose, environment, classification, tier, status, transport, approved_version_id, created_by)
           values ($1, $2, $3, 'test', 'test', 'internal', 'low', $4, $5, $6, 'usr_test')`,
          [id, slug, `Connector ${slug}`, seed.status ?? "enabled", String(identity.transport), versionId],
        ],
        [
          `insert into connector_version (id, connector_id, number, status, digest, content, identity, findings, launch, created_by)
           values ($1, $2, 1, 'approved', $3, $4, $5, '[]', $6, 'usr_test')`,
          [versionId, id, digest, content, JSON.stringify(identity), seed.launch ? JSON.stringify(seed.launch) : null],
        ],
        [
          `insert into approval (id, request_id, connector_id, version_id, digest, tier, tools, hold_tools, agent_ids, any_agent, expires_at)
           values ($1, $1, $2, $3, $4, 'low', $5, $6, $7, $8, now() + make_interval(secs => $9))`,
          [
            approvalId,
            id,
            versionId,
            digest,
            seed.approved ?? offered.map(({ name }) => name),
            seed.hold ?? [],
            seed.agentIds ?? [],
            seed.agentIds === undefined,
            seed.approvalSeconds ?? 86_400,
          ],
        ],
      ];
      for (const { kind, name, definition: served } of offered) {
        const toolId = newId("tol");
        toolIds[name] = toolId;
        const definition = Buffer.from(canonicalize(served));
        const effect = seed.effects?.[name] ?? "read";
        statements.push([
          "insert into tool (id, connector_id, kind, name, effect, labels) values ($1, $2, $3, $4, $5, '{}')",
          [toolId, id, kind, name, effect],
        ]);
        statements.push([
          `insert into version_tool (id, version_id, tool_id, kind, name, digest, definition, effect, why, labels)
           values ($1, $2, $3, $4, $5, $6, $7, $8, '{}', '{}')`,
          [newId("vto"), versionId, toolId, kind, name, sha256(definition), definition, effect],
        ]);
      }
      await quietly(statements);
      return { id, slug, versionId, approvalId, toolIds };
    },
    async grant({ agentId, connector, seconds = 3_600, ...seed }) {
      const id = newId("grt");
      const scope = {
        tools: seed.tools ?? { names: Object.keys(connector.toolIds) },
        actions: seed.actions ?? ["discover", "invoke"],
        constraints: seed.constraints ?? [],
        rate: seed.rate ?? null,
      };
      await quietly([
        [
          `insert into scope_grant (id, request_id, approval_id, principal_kind, principal_id, connector_id, version_id, scope, starts_at, expires_at, status)
           values ($1, $1, $2, 'agent', $3, $4, $5, $6, now() - interval '1 minute', now() + make_interval(secs => $7), 'active')`,
          [id, connector.approvalId, agentId, connector.id, connector.versionId, JSON.stringify(scope), seconds],
        ],
      ]);
      return id;
    },
    async addGrantsOfOthers(connector, count) {
      const scope = JSON.stringify({
        tools: { effects: ["read"] },
        actions: ["discover", "invoke"],
        constraints: [],
        rate: null,
      });
      await quietly([
        [
          `insert into agent (id, slug, name, purpose, environment, created_by)
           select 'agt_other' || n, 'other' || n, 'Other', 'test', 'test', 'usr_test' from generate_series(1, $1::int / 100) n`,
          [count],
        ],
        [
          `insert into scope_grant (id, request_id, approval_id, principal_kind, principal_id, connector_id, version_id, scope, starts_at, expires_at, status)
           select 'grt_other' || n, 'req_other', $1, 'agent', 'agt_other' || (1 + n % ($2::int / 100)), $3, $4, $5, now(), now() + interval '1 day', 'active'
           from generate_series(1, $2::int) n`,
          [connector.approvalId, count, connector.id, connector.versionId, scope],
        ],
      ]);
    },
    async allow(port) {
      await quietly([
        [
          `insert into egress_allow (id, host, port, reason, source, expires_at) values ($1, '127.0.0.1', $2, 'test', 'demo', now() + interval '1 day')`,
          [newId("egr"), port],
        ],
      ]);
    },
    async credential(connectorId, host, kind, sealed) {
      await quietly([
        [
          `insert into sealed_credential (id, host, connector_id, kind, hint, sealed, created_by) values ($1, $2, $3, $4, 'test', $5, 'usr_test')`,
          [newId("crd"), host, connectorId, kind, sealed],
        ],
      ]);
    },
    change: (sql, values = []) =>
      locked(async () => {
        await client.query("begin");
        const tables = governed.filter((table) => new RegExp(`\\b${table}\\b`).test(sql));
        for (const table of tables) {
          await client.query(`alter table ${table} disable trigger user`);
          if (notifying.includes(table)) await client.query(`alter table ${table} enable trigger policy_changed`);
        }
        await client.query(sql, values);
        for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
        await client.query("commit");
      }),
    query: (sql, values = []) => locked(async () => (await client.query<Record<string, unknown>>(sql, values)).rows),
    close: () => client.end(),
  };
}

const notifying = [
  "agent",
  "agent_key",
  "team_member",
  "connector",
  "connector_version",
  "tool",
  "scope_grant",
  "approval",
  "quarantine",
  "quarantine_release",
  "egress_allow",
  "sealed_credential",
];
const governed = [...notifying, "version_tool"];

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
