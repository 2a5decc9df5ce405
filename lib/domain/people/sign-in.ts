import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { mintToken } from "#lib/domain/people/tokens.ts";
import { newId } from "#lib/platform/id.ts";

/** What an identity provider says of a person. They are known by issuer and subject, never by e-mail. */
export type Identity = { issuer: string; subject: string; name: string; email: string | null };

/** How long a session lasts, in seconds, however much it is used. */
export const sessionSeconds = 8 * 3600;

/**
 * Finds or registers the person behind a completed sign-in, and starts their session; the one before it in this browser ends.
 * @param signedInAt seconds since 1970 of the interactive sign-in, null where the provider did not say
 * @param previousSession id of the session that the browser had until now
 * @returns the session's id, or null when the person is suspended
 */
export function signInPerson(
  identity: Identity,
  signedInAt: number | null,
  previousSession: string | null,
): Promise<string | null> {
  return withTransaction(async (tx) => {
    const now = await databaseNow(tx);
    const { issuer, subject } = identity;
    const known = await tx.user.findUnique({ where: { issuer_subject: { issuer, subject } } });
    if (known?.status === "suspended") {
      await append(tx, { kind: "user", id: known.id }, now, [{ type: "user.sign-in-refused", subjects: [known.id] }]);
      return null;
    }
    const id = known?.id ?? newId("usr");
    const session = newId("ses");
    const events: NewEvent[] = [{ type: "user.signed-in", subjects: [id], data: { session } }];
    if (known === null) {
      await tx.user.create({ data: { id, issuer, subject, name: identity.name, email: identity.email } });
      events.unshift({ type: "user.registered", subjects: [id] });
    }
    await append(tx, { kind: "user", id }, now, events);
    await tx.userSession.create({
      data: {
        id: session,
        userId: id,
        signedInAt: signedInAt === null ? null : new Date(signedInAt * 1_000),
        expiresAt: new Date(now.getTime() + sessionSeconds * 1_000),
      },
    });
    if (previousSession !== null) await endIn(tx, previousSession, now);
    return session;
  });
}

/** Signs out: from now on the session speaks for nobody, in whatever copy of its cookie. */
export function endSession(sessionId: string): Promise<void> {
  return withTransaction(async (tx) => endIn(tx, sessionId, await databaseNow(tx)));
}

async function endIn(tx: Tx, id: string, now: Date): Promise<void> {
  const [ended] = await tx.userSession.updateManyAndReturn({ where: { id, endedAt: null }, data: { endedAt: now } });
  if (ended === undefined) return;
  const { userId } = ended;
  await append(tx, { kind: "user", id: userId }, now, [
    { type: "user.signed-out", subjects: [userId], data: { session: id } },
  ]);
}

/** The demo person of this name (`security-1` …), on a demo instance only. */
export async function demoPerson(
  tx: Pick<Tx, "$queryRaw">,
  subject: string,
): Promise<{ id: string; name: string } | null> {
  const [row] = await queryRows<{ id: string; name: string }>(
    tx,
    sql`select u.id, u.name from app_user u, instance i
        where i.mode = 'demo' and u.issuer = 'demo' and u.subject = ${subject} and u.status = 'active'`,
  );
  return row ?? null;
}

/** The people that a demo instance lets anybody on its machine sign in as. */
export function demoPeople(tx: Pick<Tx, "$queryRaw">): Promise<{ subject: string; name: string }[]> {
  return queryRows(
    tx,
    sql`select u.subject, u.name from app_user u, instance i where i.mode = 'demo' and u.issuer = 'demo' and u.status = 'active' order by u.id`,
  );
}

/** A 12-hour token of a demo person for the command line; it may decide, and is marked. Null off a demo instance. */
export function demoToken(subject: string): Promise<{ secret: string; name: string } | null> {
  return withTransaction(async (tx) => {
    const person = await demoPerson(tx, subject);
    if (person === null) return null;
    const now = await databaseNow(tx);
    const { secret, row } = mintToken(
      person.id,
      { name: "Demo command line", scopes: ["*"], days: 0.5, demo: true },
      now,
    );
    await tx.accessToken.create({ data: row });
    await append(tx, { kind: "user", id: person.id }, now, [
      { type: "token.issued", subjects: [row.id, person.id], data: { scopes: ["*"], demo: true } },
    ]);
    return { secret, name: person.name };
  });
}

async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
  return row?.now ?? new Date();
}
