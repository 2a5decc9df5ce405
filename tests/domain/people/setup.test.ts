import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Caller } from "#lib/core/permit.ts";
import { prisma } from "#lib/db/client.ts";
import { execute as run } from "#lib/domain/execute.ts";
import { issueCode } from "#lib/instance/setup-code.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { asOwner, backdate } from "#tests/support/people.ts";
import { eventsOf, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
await asOwner(database.ownerUrl, ["usr_1", "usr_2", "usr_3"], async (client) => {
  await client.query("insert into instance (mode, log_origin) values ('production', 'test')");
  for (const n of [1, 2, 3])
    await client.query("insert into app_user (id, issuer, subject, name) values ($1, 'https://idp', $1, $1)", [
      `usr_${n}`,
    ]);
});

const person = (n: number, change: Partial<Caller> = {}): Caller => ({
  kind: "user",
  id: `usr_${n}`,
  roles: [],
  via: "session",
  interactiveSignInAgeSeconds: 5,
  ...change,
});
const claim = (n: number, code: string, change: Partial<Caller> = {}) =>
  run("setup.claim", { code }, { caller: person(n, change), requestId: "rqt" });
const administrator: Partial<Caller> = { roles: ["administrator"] };
const name = (by: number, whom: number) =>
  run(
    "roles.name-second-administrator",
    { personId: `usr_${whom}`, reason: "The second" },
    { caller: person(by, administrator), requestId: "rqt" },
  );
const administrators = () =>
  prisma().roleAssignment.findMany({ where: { role: "administrator", revokedAt: null }, select: { userId: true } });

async function printCode(code: string, seconds = 900): Promise<string> {
  const id = `stp_${code}`;
  await asOwner(database.ownerUrl, [id], async (client) => {
    const hash = createHash("sha256").update(code).digest("hex");
    await client.query(
      "insert into setup_code (id, code_hash, purpose, expires_at) values ($1, $2, 'setup', now() + make_interval(secs => $3))",
      [id, hash, seconds],
    );
  });
  return id;
}

describe("the first administrator", () => {
  it("is nobody whose code is wrong, too old, or came with a token or an old sign-in", async () => {
    await printCode("TOO-OLD", -1);
    await printCode("GOOD");
    expect((await refusal(claim(1, "WRONG"))).code).toBe("not_found");
    expect((await refusal(claim(1, "TOO-OLD"))).code).toBe("not_found");
    expect(
      (await refusal(claim(1, "GOOD", { via: "token", tokenScopes: ["*"], interactiveSignInAgeSeconds: null }))).code,
    ).toBe("not_found");
    expect((await refusal(claim(1, "GOOD", { interactiveSignInAgeSeconds: 700 }))).code).toBe(
      "interactive_sign_in_required",
    );
    expect(await administrators()).toEqual([]);
  });

  it("is one of two who enter the code at once, and the path is closed from then on", async () => {
    await printCode("ANOTHER");
    const both = await Promise.allSettled([claim(1, "good "), claim(2, "GOOD")]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await administrators()).toHaveLength(1);
    expect(await eventsOf("stp_GOOD")).toEqual(expect.arrayContaining(["setup.completed"]));
    expect((await prisma().instance.findFirstOrThrow()).setupClosedAt).not.toBeNull();
    expect((await refusal(claim(3, "GOOD"))).code).toBe("not_found");
    expect((await refusal(claim(3, "ANOTHER"))).code).toBe("not_found");
  });

  it("cannot be made by a code that was never printed: only the host may write one", async () => {
    const forged =
      "insert into setup_code (id, code_hash, purpose, expires_at) values ('stp_x', 'x', 'recovery', now() + interval '1 hour')";
    await expect(execute(database.appUrl, forged)).rejects.toMatchObject({ code: "42501" });
    await expect(execute(database.appUrl, "update instance set setup_closed_at = null")).rejects.toMatchObject({
      code: expect.stringMatching(/^AM00/),
    });
    await expect(
      execute(database.appUrl, "update setup_code set used_at = null, used_by = null"),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^AM00/) });
  });
});

describe("the second administrator", () => {
  it("is named by the only one, once, and is somebody else", async () => {
    const first = Number((await administrators())[0]?.userId.slice(4));
    const second = first === 1 ? 2 : 1;
    expect((await refusal(name(first, first))).code).toBe("invalid_input");
    expect(
      (
        await refusal(
          run(
            "roles.name-second-administrator",
            { personId: "usr_3", reason: "x" },
            { caller: person(3), requestId: "rqt" },
          ),
        )
      ).code,
    ).toBe("not_found");
    const both = await Promise.allSettled([name(first, second), name(first, 3)]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await administrators()).toHaveLength(2);
    const left = [1, 2, 3].find((n) => n !== first && both[n === 3 ? 1 : 0]?.status === "rejected") ?? 3;
    expect((await refusal(name(first, left))).code).toBe("second_person_required");
  });
});

describe("recovery from the host", () => {
  const told = async () =>
    (await prisma().notification.findMany({ where: { kind: "recovery" } })).map(({ userId }) => userId).sort();
  const alarmOf = async (n: number) =>
    (await run("people.me", {}, { caller: person(n, administrator), requestId: "rqt" })).recovery;

  it("makes one more administrator with a code of its own, once, as an event that says so, and alarms the others", async () => {
    const before = (await administrators()).map(({ userId }) => userId).sort();
    const outsider = [1, 2, 3].find((n) => !before.includes(`usr_${n}`)) ?? 3;
    const insider = Number(before[0]?.slice(4));
    expect(await alarmOf(insider)).toBeNull();
    const code = await issueCode(database.ownerUrl, "recovery");
    expect(await told()).toEqual(before);
    expect(await alarmOf(insider)).toEqual({ usedBy: null });
    expect(await alarmOf(outsider)).toBeNull();

    await claim(outsider, code.toLowerCase());
    expect((await administrators()).map(({ userId }) => userId)).toContain(`usr_${outsider}`);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { type: "setup.completed" },
      orderBy: { seq: "desc" },
    });
    expect(Buffer.from(event.leaf).toString()).toContain('"purpose":"recovery"');
    expect(await told()).toEqual([...before, ...before].sort());
    expect(await alarmOf(insider)).toEqual({ usedBy: `usr_${outsider}` });
    expect((await refusal(claim(1, code))).code).toBe("not_found");
  });

  it("is no alarm any more after a week", async () => {
    const { id } = await prisma().setupCode.findFirstOrThrow({ where: { purpose: "recovery" }, select: { id: true } });
    await backdate(database.ownerUrl, "setup_code", "expires_at = now() - interval '8 days'", id);
    expect(await alarmOf(1)).toBeNull();
  });
});
