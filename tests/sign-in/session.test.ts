import { encode } from "next-auth/jwt";
import { beforeAll, describe, expect, it } from "vitest";
import { readSession, sessionCookie, sessionSecret } from "#lib/sign-in/session.ts";
import { apiSettings, bearer, requestOf, send, session } from "#tests/http/senders.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase(apiSettings);
beforeAll(() => seedPeople(database.ownerUrl));

const read = (cookie: string | undefined) =>
  readSession((name) => (name === sessionCookie().name ? cookie : undefined));
const cookieOf = (claims: Record<string, unknown>, secret = sessionSecret()) => encode({ token: claims, secret });

describe("a session cookie", () => {
  it("speaks for its person, with the roles of now and the age of the sign-in by the database's clock", async () => {
    const cookie = await cookieOf({ sub: idOf("security-1"), signedInAt: Math.floor(Date.now() / 1_000) - 90 });
    const caller = await read(cookie);
    expect(caller).toMatchObject({
      id: idOf("security-1"),
      kind: "user",
      via: "session",
      roles: ["security_reviewer"],
    });
    expect(caller?.interactiveSignInAgeSeconds).toBeGreaterThanOrEqual(89);
    expect(caller?.interactiveSignInAgeSeconds).toBeLessThan(100);
  });

  it("that was tampered with, made with another secret, cut or empty, speaks for nobody", async () => {
    const good = await cookieOf({ sub: idOf("administrator"), signedInAt: 1 });
    const changed = [...Array(12).keys()].map((n) => {
      const at = Math.floor((good.length * n) / 12);
      return good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
    });
    const foreign = await cookieOf({ sub: idOf("administrator") }, "t".repeat(40));
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const unsigned = `${none}.${Buffer.from(JSON.stringify({ sub: idOf("administrator") })).toString("base64url")}.`;
    for (const cookie of [...changed, foreign, unsigned, good.slice(0, -5), "", "x", undefined])
      expect(await read(cookie)).toBeNull();
  });

  it("that has run out, or names nobody, speaks for nobody", async () => {
    const old = await encode({ token: { sub: idOf("requester") }, secret: sessionSecret(), maxAge: -60 });
    expect(await read(old)).toBeNull();
    expect(await read(await cookieOf({ sub: "usr_nobody" }))).toBeNull();
    expect(await read(await cookieOf({}))).toBeNull();
  });

  it("without the provider's word on when they signed in, or with one from the future, decides nothing", async () => {
    for (const signedInAt of [undefined, "now", Math.floor(Date.now() / 1_000) + 3_600]) {
      const cookie = await cookieOf({ sub: idOf("administrator"), signedInAt });
      const headers = { ...(await session(idOf("administrator"))), cookie: `${sessionCookie().name}=${cookie}` };
      const answer = await send(requestOf("people.resume", { personId: idOf("stranger"), reason: "x" }, headers));
      expect(answer.code).toBe("interactive_sign_in_required");
    }
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
