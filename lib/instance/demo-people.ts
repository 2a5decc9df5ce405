import pg from "pg";
import { type AuditEvent, leafBytes } from "#lib/core/log/event.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import type { Role } from "#lib/core/principal.ts";
import { newId } from "#lib/platform/id.ts";

/** The people of a demo instance: roles, not persons. The platform reviewer also administers, so that changes of two can be tried. */
const people: { subject: string; name: string; roles: Role[] }[] = [
  { subject: "requester", name: "Requester", roles: [] },
  { subject: "owner", name: "Owner", roles: [] },
  { subject: "security-1", name: "Security reviewer 1", roles: ["security_reviewer"] },
  { subject: "security-2", name: "Security reviewer 2", roles: ["security_reviewer"] },
  { subject: "data-protection", name: "Data protection reviewer", roles: ["data_protection_reviewer"] },
  { subject: "platform", name: "Platform reviewer", roles: ["platform_reviewer", "administrator"] },
  { subject: "auditor", name: "Auditor", roles: ["auditor"] },
  { subject: "administrator", name: "Administrator", roles: ["administrator"] },
];

/**
 * Creates the demo people, and lists the demo's MCP server on loopback as reachable, once. Only the owner of a database that was
 * created as demo can: the database refuses it to every other role, and on every other instance.
 */
export async function ensureDemoPeople(ownerUrl: string, upstreamPort: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("lock table app_user in share row exclusive mode");
    const { rows } = await client.query("select 1 from app_user where issuer = 'demo'");
    if (rows.length === 0) {
      for (const person of people) await createPerson(client, person);
      await allowUpstream(client, upstreamPort);
    }
    await client.query("commit");
  } finally {
    await client.end();
  }
}

async function createPerson(client: pg.Client, { subject, name, roles }: (typeof people)[number]): Promise<void> {
  const id = newId("usr");
  await client.query("insert into app_user (id, issuer, subject, name) values ($1, 'demo', $2, $3)", [
    id,
    subject,
    name,
  ]);
  await append(client, "user.registered", [id], { demo: true });
  for (const role of roles) {
    await client.query("insert into role_assignment (id, user_id, role, source) values ($1, $2, $3, 'demo')", [
      newId("rol"),
      id,
      role,
    ]);
    await append(client, "role.granted", [id], { role, by: "demo" });
  }
}

async function allowUpstream(client: pg.Client, port: number): Promise<void> {
  const id = newId("egr");
  await client.query(
    `insert into egress_allow (id, host, port, reason, source, expires_at)
     values ($1, '127.0.0.1', $2, 'The demo''s own MCP server', 'demo', now() + interval '365 days')`,
    [id, port],
  );
  await append(client, "egress.host-allowed", [id], { host: "127.0.0.1", port, by: "demo" });
}

async function append(client: pg.Client, type: EventType, subjects: string[], data: AuditEvent["data"]): Promise<void> {
  const now = new Date();
  const id = newId("evt");
  const leaf = leafBytes({
    v: 1,
    id,
    type,
    time: now.toISOString(),
    principal: { kind: "system", id: "instance" },
    subjects,
    data,
  });
  await client.query(
    `insert into audit_event (id, type, time, principal_kind, principal_id, subjects, leaf) values ($1, $2, $3, 'system', 'instance', $4, $5)`,
    [id, type, now, subjects, Buffer.from(leaf)],
  );
}
