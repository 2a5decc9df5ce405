import type { Caller } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";
import { prisma } from "#lib/db/client.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { tokenHash } from "#lib/domain/people/tokens.ts";

type Row = { id: string; name: string; roles: Role[]; age: number | null };

const roles = sql`coalesce((select array_agg(r.role) from role_assignment r where r.user_id = u.id and r.revoked_at is null), '{}') as roles`;

/** The person of a session, status and roles read for this very request; null when it ended or ran out, or they are suspended. */
export async function sessionCaller(sessionId: string): Promise<(Caller & { name: string }) | null> {
  const [row] = await queryRows<Row>(
    prisma(),
    sql`select u.id, u.name, ${roles}, floor(extract(epoch from now() - s.signed_in_at))::int as age
        from user_session s join app_user u on u.id = s.user_id
        where s.id = ${sessionId} and s.ended_at is null and s.expires_at > now() and u.status = 'active'`,
  );
  if (row === undefined) return null;
  return {
    kind: "user",
    id: row.id,
    name: row.name,
    roles: row.roles,
    via: "session",
    interactiveSignInAgeSeconds: row.age,
  };
}

/** Whoever holds this access token; null when it is unknown, revoked or expired, or its person suspended. */
export async function tokenCaller(secret: string): Promise<(Caller & { name: string }) | null> {
  const [row] = await queryRows<Row & { scopes: string[]; demo: boolean }>(
    prisma(),
    sql`select u.id, u.name, ${roles}, null as age, t.scopes, t.demo and i.mode = 'demo' as demo
        from access_token t join app_user u on u.id = t.user_id, instance i
        where t.hash = ${tokenHash(secret)} and t.revoked_at is null and t.expires_at > now() and u.status = 'active'`,
  );
  if (row === undefined) return null;
  return {
    kind: "user",
    id: row.id,
    name: row.name,
    roles: row.roles,
    via: "token",
    interactiveSignInAgeSeconds: null,
    tokenScopes: row.scopes,
    demo: row.demo,
  };
}
