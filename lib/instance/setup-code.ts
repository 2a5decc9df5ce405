import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { leafBytes } from "#lib/core/log/event.ts";
import { newId } from "#lib/platform/id.ts";

const validMinutes = 15;

/** Why a code is made: for the first administrator, or to name one again from the host. */
export type CodePurpose = "setup" | "recovery";

/**
 * Makes a single-use code, valid for 15 minutes, that whoever signs in and enters becomes administrator with. Only its SHA-256 is
 * kept; making it is an event of the log, and a recovery code is told to every administrator and auditor. A newer code of the same purpose ends no older one; time does.
 * @returns the code, for the person at the terminal
 */
export async function issueCode(ownerUrl: string, purpose: CodePurpose): Promise<string> {
  const code = randomBytes(10)
    .toString("hex")
    .toUpperCase()
    .replace(/(.{5})(?=.)/g, "$1-");
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("begin");
    await insertCode(client, code, purpose);
    if (purpose === "recovery") await alarm(client);
    await client.query("commit");
    return code;
  } finally {
    await client.end();
  }
}

/** Whether the path of the first administrator is still open. */
export async function isSetupOpen(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query("select 1 from instance where setup_closed_at is null");
    return rows.length > 0;
  } finally {
    await client.end();
  }
}

async function insertCode(client: pg.Client, code: string, purpose: CodePurpose): Promise<void> {
  const codeId = newId("stp");
  const { rows } = await client.query<{ now: Date }>("select now() as now");
  const time = (rows[0]?.now ?? new Date()).toISOString();
  await client.query(
    `insert into setup_code (id, code_hash, purpose, expires_at) values ($1, $2, $3, now() + make_interval(mins => $4))`,
    [codeId, createHash("sha256").update(code).digest("hex"), purpose, validMinutes],
  );
  const event = {
    v: 1,
    id: newId("evt"),
    type: "setup.started",
    time,
    principal: { kind: "system", id: "host" },
    subjects: [codeId],
    data: { purpose, validMinutes },
  } as const;
  await client.query(
    `insert into audit_event (id, type, time, principal_kind, principal_id, subjects, leaf) values ($1, $2, $3, $4, $5, $6, $7)`,
    [event.id, event.type, time, event.principal.kind, event.principal.id, event.subjects, leafBytes(event)],
  );
}

async function alarm(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select id from app_user u where status = 'active' and exists (select 1 from role_assignment r
       where r.user_id = u.id and r.role in ('administrator', 'auditor') and r.revoked_at is null)`,
  );
  for (const { id } of rows) {
    await client.query(
      `insert into notification (id, user_id, kind, subject_id, params) values ($1, $2, 'recovery', $2, $3)`,
      [newId("ntf"), id, { title: "A recovery code for administrators was made on the host", href: "/settings" }],
    );
  }
}
