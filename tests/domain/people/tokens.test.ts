import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { tokenCaller } from "#lib/domain/people/caller.ts";
import { contentOf } from "#tests/http/world.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { eventsOf, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));
const make = (name: string) => act("requester", "tokens.create", { name, scopes: ["request:read"], days: 1 });

describe("an access token", () => {
  it("is shown once, and stands nowhere but as a hash", async () => {
    const { secret, id } = await make("one");
    expect(secret).toMatch(/^ambit_pat_[\w-]{43}$/);
    expect(await contentOf(database.ownerUrl, [])).not.toContain(secret.slice("ambit_pat_".length));
    expect(JSON.stringify(await act("requester", "tokens.list", {}))).not.toContain(secret);
    for (const { leaf } of await prisma().auditEvent.findMany())
      expect(Buffer.from(leaf).toString()).not.toContain(secret);
    expect(await eventsOf(id)).toEqual(["token.issued"]);
  });

  it("speaks for its person within its scopes until it is revoked or runs out", async () => {
    const { secret, id } = await make("two");
    expect(await tokenCaller(secret)).toMatchObject({
      id: idOf("requester"),
      via: "token",
      tokenScopes: ["request:read"],
      demo: false,
    });
    await act("requester", "tokens.revoke", { tokenId: id });
    expect(await tokenCaller(secret)).toBeNull();
    expect((await refusal(act("requester", "tokens.revoke", { tokenId: id }))).code).toBe("invalid_transition");
    const late = await make("three");
    await backdate(database.ownerUrl, "access_token", "expires_at = now() - interval '1 second'", late.id);
    expect(await tokenCaller(late.secret)).toBeNull();
    expect(await tokenCaller(`${late.secret}x`)).toBeNull();
  });

  it("of somebody else can be revoked by security and seen by nobody", async () => {
    const { id } = await make("four");
    expect((await refusal(act("stranger", "tokens.revoke", { tokenId: id }))).code).toBe("not_found");
    await act("security-1", "tokens.revoke", { tokenId: id });
    expect((await act("security-1", "tokens.list", {})).items).toEqual([]);
  });

  it("that is revoked twice at once is revoked once", async () => {
    const { id } = await make("five");
    const both = await Promise.allSettled([0, 1].map(() => act("requester", "tokens.revoke", { tokenId: id })));
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await eventsOf(id)).filter((type) => type === "token.revoked")).toHaveLength(1);
  });

  it("stands in a list that pages without loss, newest first", async () => {
    const first = await act("requester", "tokens.list", { limit: 3 });
    const rest = await act("requester", "tokens.list", { limit: 100, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(["five", "four", "three", "two", "one"]);
  });
});
