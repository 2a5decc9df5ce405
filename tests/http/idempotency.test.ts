import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { apiSettings, bearer, raw, requestOf, type Sender, send, session } from "#tests/http/senders.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { idOf, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase(apiSettings);
let token: Sender = {};
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  token = await bearer(database.ownerUrl, idOf("requester"));
});

const register = (slug: string, key: string, who: Sender = token) =>
  send(
    requestOf(
      "agents.register",
      { slug, name: slug, purpose: "Test", environment: "staging" },
      { ...who, "idempotency-key": key },
    ),
  );

describe("an idempotency key", () => {
  it("gives the same answer to the same call and makes the thing once", async () => {
    const first = await register("once", "key-1");
    const again = await register("once", "key-1");
    expect(first.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(
      await prisma().auditEvent.count({
        where: { type: "agent.registered", subjects: { has: String(first.body.id) } },
      }),
    ).toBe(1);
  });

  it("with other input, or for another operation, is refused", async () => {
    await register("twice", "key-2");
    expect((await register("other", "key-2")).code).toBe("idempotency_mismatch");
    const draft = requestOf(
      "requests.create",
      { kind: "connector", form: {} },
      { ...token, "idempotency-key": "key-2" },
    );
    expect((await send(draft)).code).toBe("idempotency_mismatch");
    expect(await prisma().agent.findUnique({ where: { slug: "other" } })).toBeNull();
  });

  it.each([1, 2, 3, 4, 5])("gives one answer to many at once (%i)", async (n) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(`at-once-${n}`, `key-3-${n}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await prisma().agent.count({ where: { slug: `at-once-${n}` } })).toBe(1);
  });

  it("of one person means nothing for another", async () => {
    await register("mine", "key-4");
    const other = await bearer(database.ownerUrl, idOf("stranger"));
    expect((await register("theirs", "key-4", other)).body).toMatchObject({ slug: "theirs" });
  });

  it("of a refused call may be used again", async () => {
    expect((await register("Not a slug", "key-5")).code).toBe("invalid_input");
    expect((await register("once", "key-5")).code).toBe("already_exists");
    expect((await register("fresh", "key-5")).status).toBe(200);
  });

  it("gives a weaker token nothing that it could not ask for", async () => {
    await register("strong", "key-6");
    const weak = await bearer(database.ownerUrl, idOf("requester"), { scopes: ["agent:read"] });
    expect((await register("strong", "key-6", weak)).code).toBe("scope_missing");
  });

  it.each(["", "x".repeat(201), "a b"])("of the form %j is refused", async (key) => {
    expect((await register("formless", key)).code).toBe("invalid_input");
  });

  it("never shows a token's secret again, nor keeps it", async () => {
    const create = async () =>
      send(
        requestOf(
          "tokens.create",
          { name: "secret", scopes: ["*"], days: 1 },
          { ...(await session(idOf("requester"))), "idempotency-key": "key-7" },
        ),
      );
    const made = await create();
    expect(made.status).toBe(200);
    expect((await create()).code).toBe("already_exists");
    expect(await prisma().accessToken.count({ where: { name: "secret" } })).toBe(1);
    const kept = JSON.stringify(await prisma().idempotencyKey.findMany());
    expect(kept).not.toContain(String(made.body.secret));
  });

  it("on a read changes nothing", async () => {
    expect((await send(raw("GET", "/agents", { ...token, "idempotency-key": "x".repeat(300) }))).status).toBe(200);
  });
});
