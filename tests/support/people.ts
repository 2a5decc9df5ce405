import pg from "pg";
import type { InputOf, OperationId, OutputOf } from "#lib/contract/index.ts";
import type { Caller } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";
import { execute } from "#lib/domain/execute.ts";
import { newId } from "#lib/platform/id.ts";
import { eventInsert } from "#tests/support/event.ts";

/** The demo's people, by the names of their sign-ins, and one more of some kinds. */
const cast = {
  requester: [],
  owner: [],
  "other-owner": [],
  "security-1": ["security_reviewer"],
  "security-2": ["security_reviewer"],
  "data-protection": ["data_protection_reviewer"],
  platform: ["platform_reviewer"],
  auditor: ["auditor"],
  administrator: ["administrator"],
  "administrator-2": ["administrator"],
  stranger: [],
} as const satisfies Record<string, readonly Role[]>;

export type PersonName = keyof typeof cast;

/** Stable ids, so that tests can name people in plain SQL. */
export const idOf = (name: PersonName): string => `usr_${name.replaceAll("-", "_")}`;

/** Writes the demo's people and roles as the migration owner does when it seeds a demo instance. */
export async function seedPeople(ownerUrl: string): Promise<void> {
  await asOwner(
    ownerUrl,
    Object.keys(cast).map((name) => idOf(name as PersonName)),
    async (client) => {
      await client.query("insert into instance (mode, log_origin) values ('demo', 'test') on conflict do nothing");
      for (const [name, held] of Object.entries(cast)) {
        const id = idOf(name as PersonName);
        await client.query("insert into app_user (id, issuer, subject, name) values ($1, 'test', $2, $2)", [id, name]);
        for (const role of held) {
          await client.query("insert into role_assignment (id, user_id, role, source) values ($1, $2, $3, 'demo')", [
            newId("rol"),
            id,
            role,
          ]);
        }
      }
    },
  );
}

/** Runs statements of the migration owner in one transaction with the event that names these rows. */
export async function asOwner(
  ownerUrl: string,
  subjects: readonly string[],
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query(eventInsert({ type: "instance.restored", subjects }));
    await client.query("commit");
  } finally {
    await client.end();
  }
}

/** A person who signed in a minute ago. */
export function signedIn(name: PersonName, change: Partial<Caller> = {}): Caller {
  return {
    kind: "user",
    id: idOf(name),
    roles: cast[name],
    via: "session",
    interactiveSignInAgeSeconds: 60,
    ...change,
  };
}

/** Runs one operation as one of the people. */
export function act<Id extends OperationId>(name: PersonName, id: Id, input: InputOf<Id>): Promise<OutputOf<Id>> {
  return execute(id, input, { caller: signedIn(name), requestId: newId("req") });
}

/** Moves a row's times into the past, as waiting would; triggers of its table are off meanwhile. */
export async function backdate(ownerUrl: string, table: string, set: string, id: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`begin; alter table ${table} disable trigger user`);
    await client.query(`update ${table} set ${set} where id = $1`, [id]);
    await client.query(`alter table ${table} enable trigger user; commit`);
  } finally {
    await client.end();
  }
}
