import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { apiSettings } from "#tests/http/senders.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  connectorForm,
  enabledConnector,
  inspected,
  readingTool,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

export const publicJwk = { kty: "OKP", crv: "Ed25519", x: "A".repeat(43) } as const;
export const setupCode = "ABCD-EFGH";

/**
 * One of everything, made through the workflow where there is one: a connector of `owner` in review and another enabled, both asked
 * for by `requester`; an agent of `owner`; a grant to an agent of `requester`; a key that `owner` proposed.
 */
export async function openWorld() {
  const dataDir = await mkdtemp(join(tmpdir(), "ambit-http-"));
  const database = await openTestDatabase({ ...apiSettings, AMBIT_DATA_DIR: dataDir });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  await ensureKeys(dataDir, "test");
  await seedPeople(database.ownerUrl);

  const readerId = await agentOf("requester", "reader");
  const { connectorId } = await enabledConnector("enabled.example", [readingTool("get_page")], {
    agentIds: [readerId],
  });
  const request = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", snapshot("asked.example", [readingTool("get_row")])),
  );
  const draft = await act("requester", "requests.create", { kind: "connector", form: { purpose: "Not whole yet" } });
  const agentId = await agentOf("owner", "bot");
  const change = await act("owner", "agents.add-key", { agentId, publicJwk, reason: "Its first key" });
  const token = await act("requester", "tokens.create", { name: "mine", scopes: ["request:read"], days: 1 });
  const team = await act("administrator", "teams.create", { name: "Crew", kind: "business" });
  const probeId = await inspected("requester", snapshot("other.example", [readingTool("get_other")]));
  await around(database.ownerUrl, [
    "insert into app_user (id, issuer, subject, name, status) values ('usr_gone', 'test', 'gone', 'Gone', 'suspended')",
    `insert into team_member (id, team_id, member_kind, member_id, source) values ('mem_1', '${team.id}', 'user', 'usr_stranger', 'demo')`,
    `insert into delegate (id, user_id, delegate_id, starts_at, ends_at, change_id) values ('del_1', '${idOf("requester")}', 'usr_gone', now(), now() + interval '1 day', 'chg_0')`,
    `insert into agent_key (id, agent_id, thumbprint, public_jwk, algorithm, source, added_by) values ('key_1', '${agentId}', 'print', '{}', 'EdDSA', 'demo', 'usr_owner')`,
    "insert into egress_allow (id, host, port, reason, source, expires_at) values ('egr_1', 'inner.example', 443, 'test', 'demo', now() + interval '1 day')",
    "insert into evidence_pack (id, requested_by, period_from, period_to, progress) values ('pck_1', 'usr_auditor', now() - interval '1 day', now(), '[]')",
    `insert into setup_code (id, code_hash, purpose, expires_at) values ('stp_1', '${createHash("sha256").update(setupCode).digest("hex")}', 'recovery', now() + interval '15 minutes')`,
  ]);
  const { id: grantId } = await prisma().grant.findFirstOrThrow({ where: { connectorId } });
  const { id: toolId } = await prisma().tool.findFirstOrThrow({ where: { connectorId } });
  const { id: versionId } = await prisma().connectorVersion.findFirstOrThrow({
    where: { connectorId: request.connectorId ?? "" },
  });
  const { id: eventId } = await prisma().auditEvent.findFirstOrThrow({ where: { type: "connector.enabled" } });
  return {
    database,
    connectorId,
    askedId: request.connectorId ?? "",
    versionId,
    requestId: request.id,
    digest: request.digest ?? "",
    draftId: draft.id,
    agentId,
    readerId,
    changeId: change.changeId,
    tokenId: token.id,
    teamId: team.id,
    probeId,
    grantId,
    toolId,
    eventId,
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Statements of the owner with the triggers of their tables off. */
export async function around(ownerUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    for (const statement of statements) {
      const table = /(?:into|update|from) (\w+)/.exec(statement)?.[1] ?? "";
      await client.query(`alter table ${table} disable trigger user`);
      await client.query(statement);
      await client.query(`alter table ${table} enable trigger user`);
    }
  } finally {
    await client.end();
  }
}

/** From now on the log takes nothing but refusals, so that whatever is allowed changes nothing. */
export async function closeLog(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`
    create function log_is_full() returns trigger language plpgsql as $$
    begin raise exception 'canary-of-the-log' using errcode = 'AM004'; end $$;
    create trigger full_log before insert on audit_event for each row when (new.type not in ('operation.refused', 'instance.restored')) execute function log_is_full()`);
  await client.end();
}

/** Every row of every table but those given, as one text: equal texts, nothing changed. */
export async function contentOf(ownerUrl: string, except: readonly string[]): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' and tablename <> all ($1) order by 1",
      [["_prisma_migrations", ...except]],
    );
    const parts: string[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ all: string }>(
        `select coalesce(string_agg(t::text, E'\\n' order by t::text), '') as all from ${name} t`,
      );
      parts.push(`${name}: ${found.rows[0]?.all}`);
    }
    return parts.join("\n");
  } finally {
    await client.end();
  }
}
