import { decode, encode } from "next-auth/jwt";
import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { createPool } from "#lib/db/pool.ts";
import { endSession, signInPerson } from "#lib/domain/people/sign-in.ts";
import { purge } from "#lib/jobs/purge.ts";
import { readSession, sessionCookie, sessionSecret } from "#lib/sign-in/session.ts";
import { apiSettings, bearer, requestOf, type Sender, send, session } from "#tests/http/senders.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { eventsOf } from "#tests/support/requests.ts";

const database = await openTestDatabase(apiSettings);
beforeAll(() => seedPeople(database.ownerUrl));

const { name } = sessionCookie();
const read = (cookie: string | undefined) => readSession((asked) => (asked === name ? cookie : undefined));
const cookieOf = async (personId: string, ageSeconds?: number | null) =>
  (await session(personId, ageSeconds)).cookie?.slice(name.length + 1) ?? "";
const claims = (cookie: string) => decode({ token: cookie, secret: sessionSecret() });

describe("a session cookie", () => {
  it("speaks for its person, with the roles of now and the age of the sign-in by the database's clock", async () => {
    const caller = await read(await cookieOf(idOf("security-1"), 90));
    expect(caller).toMatchObject({
      id: idOf("security-1"),
      kind: "user",
      via: "session",
      roles: ["security_reviewer"],
    });
    expect(caller?.interactiveSignInAgeSeconds).toBeGreaterThanOrEqual(90);
    expect(caller?.interactiveSignInAgeSeconds).toBeLessThan(100);
  });

  it("that was tampered with, made with another secret, cut or empty, speaks for nobody", async () => {
    const good = await cookieOf(idOf("administrator"));
    const changed = [...Array(12).keys()].map((n) => {
      const at = Math.floor((good.length * n) / 12);
      return good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
    });
    const known = (await claims(good)) ?? {};
    const foreign = await encode({ token: known, secret: "t".repeat(40) });
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const unsigned = `${none}.${Buffer.from(JSON.stringify(known)).toString("base64url")}.`;
    for (const cookie of [...changed, foreign, unsigned, good.slice(0, -5), "", "x", undefined])
      expect(await read(cookie)).toBeNull();
  });

  it("that has run out, or names no session, speaks for nobody", async () => {
    const known = (await claims(await cookieOf(idOf("requester")))) ?? {};
    expect(await read(await encode({ token: known, secret: sessionSecret(), maxAge: -60 }))).toBeNull();
    for (const token of [{}, { sid: "ses_none" }, { sub: idOf("requester") }])
      expect(await read(await encode({ token, secret: sessionSecret() }))).toBeNull();
  });

  it("lasts no longer than its session, and what has run out is removed", async () => {
    const [cookie, other] = [await cookieOf(idOf("requester")), await cookieOf(idOf("requester"))];
    const { sid } = (await claims(cookie)) ?? {};
    await backdate(database.ownerUrl, "user_session", "expires_at = now() - interval '1 second'", String(sid));
    expect(await read(cookie)).toBeNull();
    const pool = createPool(database.appUrl, { max: 1, applicationName: "test" });
    await purge(pool);
    await pool.end();
    expect(await prisma().userSession.findUnique({ where: { id: String(sid) } })).toBeNull();
    expect(await read(other)).toMatchObject({ id: idOf("requester") });
  });

  it("without the provider's word on when they signed in, or with one from the future, decides nothing", async () => {
    for (const age of [null, -3_600]) {
      const resume = { personId: idOf("stranger"), reason: "x" };
      const answer = await send(requestOf("people.resume", resume, await session(idOf("administrator"), age)));
      expect(answer.code).toBe("interactive_sign_in_required");
    }
  });
});

describe("a session that ended", () => {
  const person = { issuer: "https://id.example", subject: "leaver", name: "Leaver", email: null };
  const signIn = async (previous: string | null = null) => (await signInPerson(person, 1, previous)) ?? "";
  const sender = async (sid: string) => ({
    cookie: `${name}=${await encode({ token: { sid }, secret: sessionSecret() })}`,
  });
  const me = async (from: Sender) => (await send(requestOf("people.me", {}, from))).status;

  it("by signing out speaks for nobody, in any copy of its cookie, and others go on", async () => {
    const [here, elsewhere] = [await signIn(), await signIn()];
    const copies = [await sender(here), await sender(here)];
    for (const copy of copies) expect(await me(copy)).toBe(200);
    await endSession(here);
    for (const copy of copies) expect(await me(copy)).toBe(401);
    expect(await me(await sender(elsewhere))).toBe(200);
    await endSession(here);
    const { userId } = await prisma().userSession.findUniqueOrThrow({ where: { id: here } });
    expect(await eventsOf(userId)).toEqual(["user.registered", "user.signed-in", "user.signed-in", "user.signed-out"]);
  });

  it("by signing in again in the same browser speaks for nobody", async () => {
    const first = await signIn();
    const second = await signIn(first);
    expect(await me(await sender(first))).toBe(401);
    expect(await me(await sender(second))).toBe(200);
  });

  it("by a suspension stays ended when the person is let in again", async () => {
    const from = await session(idOf("other-owner"));
    await act("security-1", "people.suspend", { personId: idOf("other-owner"), reason: "Left" });
    await act("administrator", "people.resume", { personId: idOf("other-owner"), reason: "Back again" });
    const [change] = await prisma().change.findMany({ where: { subjectId: idOf("other-owner") } });
    await act("administrator-2", "changes.confirm", { changeId: change?.id ?? "", reason: "Back again" });
    expect(await me(from)).toBe(401);
    expect(await me(await session(idOf("other-owner")))).toBe(200);
  });

  it("is neither opened again, moved, kept longer nor removed early, nor begun or ended without an event", async () => {
    const sid = await signIn();
    await endSession(sid);
    for (const [statement, code] of [
      [`update user_session set ended_at = null where id = '${sid}'`, "AM004"],
      [`update user_session set user_id = '${idOf("administrator")}' where id = '${sid}'`, "AM004"],
      [`update user_session set expires_at = now() + interval '1 year' where id = '${sid}'`, "AM004"],
      [`delete from user_session where id = '${sid}'`, "AM004"],
      [`insert into user_session (id, user_id, expires_at) values ('x', '${idOf("owner")}', now())`, "AM001"],
      [`update user_session set ended_at = now() where id = '${await signIn()}'`, "AM001"],
    ] as const)
      await expect(execute(database.appUrl, statement), statement).rejects.toMatchObject({ code });
  });
});

describe("who somebody is now", () => {
  it("counts at the very next request: a suspension stops sessions and tokens at once", async () => {
    const [cookie, token] = [await session(idOf("stranger")), await bearer(database.ownerUrl, idOf("stranger"))];
    for (const sender of [cookie, token]) expect((await send(requestOf("people.me", {}, sender))).status).toBe(200);
    await act("security-1", "people.suspend", { personId: idOf("stranger"), reason: "Left" });
    for (const sender of [cookie, token]) expect((await send(requestOf("people.me", {}, sender))).status).toBe(401);
  });

  it("counts at the very next request: a role that was taken is gone", async () => {
    const sender = await session(idOf("security-2"));
    expect((await send(requestOf("people.me", {}, sender))).body).toMatchObject({ roles: ["security_reviewer"] });
    const stop = { personId: idOf("other-owner"), reason: "x" };
    await act("administrator", "roles.remove", {
      personId: idOf("security-2"),
      role: "security_reviewer",
      reason: "Moved",
    });
    expect((await send(requestOf("people.suspend", stop, sender))).code).toBe("not_found");
    expect((await send(requestOf("people.me", {}, sender))).body).toMatchObject({ roles: [] });
  });
});
