import { beforeAll, describe, expect, it } from "vitest";
import type { InputOf, OutputOf } from "#lib/contract/index.ts";
import { prisma } from "#lib/db/client.ts";
import { newId } from "#lib/platform/id.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, asOwner, backdate, idOf, type PersonName, seedPeople } from "#tests/support/people.ts";
import { agentOf, enabledConnector, readingTool, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
type ListId = "grants.list" | "agents.list" | "connectors.list";

/** Every page of a list, two rows at a time unless told. */
async function every<Id extends ListId>(who: PersonName, id: Id, input: InputOf<Id>): Promise<OutputOf<Id>["items"]> {
  const rows: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: OutputOf<ListId> = await act<ListId>(who, id, {
      limit: 2,
      ...input,
      ...(cursor === null ? {} : { cursor }),
    });
    expect(page.items.length).toBeLessThanOrEqual(input.limit === undefined ? 2 : Number(input.limit));
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows as OutputOf<Id>["items"];
}

/** `agent connector` of each grant of a list. */
const grants = async (who: PersonName, input: InputOf<"grants.list">) =>
  (await every(who, "grants.list", input)).map(({ principal, connectorSlug }) => `${principal.name} ${connectorSlug}`);

const names = ["ant", "bee", "cat", "dog", "eel"];
const ids: string[] = [];
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  const owners: PersonName[] = ["requester", "other-owner", "owner", "requester", "other-owner"];
  for (const [n, name] of names.entries()) ids.push(await agentOf(owners[n] ?? "owner", name));
  for (const host of ["north.example", "south.example"]) {
    await enabledConnector(host, [readingTool("get_page")], {
      agentIds: host === "north.example" ? ids : ids.slice(3),
    });
  }
  // One grant a minute, in the order of agents; two of them in one millisecond.
  const rows = await prisma().grant.findMany({ select: { id: true, principalId: true, connectorId: true } });
  const south = (await prisma().connector.findFirstOrThrow({ where: { slug: "south-example" } })).id;
  for (const { id, principalId, connectorId } of rows) {
    const at = ids.indexOf(principalId) + (connectorId === south ? 0.0000001 : 0);
    const set = `created_at = timestamptz '2026-01-01' + ${at} * interval '1 minute', expires_at = now() + ${10 - Math.floor(at)} * interval '1 day'`;
    await backdate(database.ownerUrl, "scope_grant", set, id);
  }
});

const inOrder = [
  "ant north-example",
  "bee north-example",
  "cat north-example",
  "dog north-example",
  "dog south-example",
  "eel north-example",
  "eel south-example",
];

describe("a list of grants", () => {
  it("is whole and in the order asked for, page by page", async () => {
    expect(await grants("security-1", {})).toEqual(inOrder.toReversed());
    expect(await grants("security-1", { sort: "createdAt" })).toEqual(inOrder);
    const byExpiry = (await every("security-1", "grants.list", { sort: "expiresAt" })).map(
      ({ expiresAt }) => expiresAt,
    );
    expect(byExpiry).toHaveLength(7);
    expect(byExpiry).toEqual(byExpiry.toSorted());
    const latest = (await every("security-1", "grants.list", { sort: "-expiresAt" })).map(({ expiresAt }) => expiresAt);
    expect(latest).toEqual(byExpiry.toReversed());
  });

  it("shows what is on a person's own things or was asked for by them, each once, and nothing to others", async () => {
    // "other-owner" owns two agents, "owner" both connectors and an agent; "requester" asked for all of them.
    expect(await grants("other-owner", { sort: "createdAt" })).toEqual(inOrder.filter((row) => /bee|eel/.test(row)));
    expect(await grants("owner", { sort: "createdAt" })).toEqual(inOrder);
    expect(await grants("requester", { sort: "createdAt" })).toEqual(inOrder);
    expect(await grants("stranger", {})).toEqual([]);
    expect(await grants("administrator", {})).toEqual([]);
  });

  it("is searched by names of agents and connectors within what a person may see", async () => {
    expect(await grants("security-1", { q: "EEL", sort: "createdAt" })).toEqual(inOrder.slice(5));
    expect(await grants("security-1", { q: "south", sort: "createdAt" })).toEqual([inOrder[4], inOrder[6]]);
    expect(await grants("other-owner", { q: "north", sort: "createdAt" })).toEqual([inOrder[1], inOrder[5]]);
    expect(await grants("other-owner", { q: "ant" })).toEqual([]);
    for (const q of ["%", "_", "nothing"]) expect(await grants("security-1", { q })).toEqual([]);
    expect(await grants("security-1", { status: "active", q: "cat" })).toEqual([inOrder[2]]);
    expect(await grants("security-1", { status: "revoked", q: "cat" })).toEqual([]);
  });
});

describe("lists of agents and connectors", () => {
  it("are sorted by name and narrowed on the server, also past names with line breaks", async () => {
    const odd = await act("owner", "agents.register", {
      slug: "odd",
      name: "Bat\nman",
      purpose: "Tests",
      environment: "staging",
    });
    const sorted = (await every("security-1", "agents.list", { sort: "name" })).map(({ name }) => name);
    expect(sorted.slice(0, 4)).toEqual(["ant", "Bat\nman", "bee", "cat"]);
    expect(sorted).toEqual(
      (await every("security-1", "agents.list", { sort: "-name" })).map(({ name }) => name).reverse(),
    );
    const bySlug = (await every("security-1", "agents.list", { sort: "slug", environment: "production" })).map(
      ({ slug }) => slug,
    );
    expect(bySlug).toEqual(bySlug.toSorted());
    expect(bySlug).not.toContain("odd");
    const staged = await every("security-1", "agents.list", { environment: "staging", status: "active" });
    expect(staged.map(({ id }) => id)).toEqual([odd.id]);
  });

  it("of connectors know class, transport and tier", async () => {
    const slugs = async (input: InputOf<"connectors.list">) =>
      (await every("auditor", "connectors.list", { sort: "slug", ...input })).map(({ slug }) => slug);
    expect(await slugs({})).toEqual(["north-example", "south-example"]);
    expect(await slugs({ sort: "-name" })).toEqual(["south-example", "north-example"]);
    const [north] = (await act("auditor", "connectors.list", { q: "north" })).items;
    expect(north).toBeDefined();
    if (north === undefined) return;
    const { classification, transport, tier } = north;
    expect(await slugs({ classification, transport, tier, status: "enabled" })).toHaveLength(2);
    expect(await slugs({ transport: "stdio" })).toEqual([]);
    expect(await slugs({ classification: classification === "public" ? "internal" : "public" })).toEqual([]);
  });

  it("refuse a cursor of another order", async () => {
    const { nextCursor } = await act("security-1", "agents.list", { sort: "name", limit: 1 });
    const asked = act("security-1", "agents.list", { sort: "createdAt", limit: 1, cursor: nextCursor ?? "" });
    expect((await refusal(asked)).code).toBe("invalid_input");
  });
});

describe("the activity", () => {
  it("is narrowed to a grant and to who did it", async () => {
    const [grant] = (await act("security-1", "grants.list", { q: "cat" })).items;
    const revoked = await act("owner", "grants.revoke", { grantId: grant?.id ?? "", reason: "Over" });
    const about = (await act("security-1", "activity.list", { grantId: revoked.id })).items;
    expect(about.map(({ type }) => type)).toEqual(["grant.revoked", "grant.activated", "grant.issued"]);
    const of = async (who: PersonName) =>
      (await act("security-1", "activity.list", { grantId: revoked.id, principalId: idOf(who) })).items.map(
        ({ type }) => type,
      );
    expect(await of("owner")).toEqual(["grant.revoked", "grant.activated"]);
    expect(await of("security-1")).toEqual(["grant.issued"]);
    expect(await of("stranger")).toEqual([]);
    expect((await act("stranger", "activity.list", { grantId: revoked.id })).items).toEqual([]);
  });
});

describe("the activity of owners", () => {
  it("is all that is about what they own and what they did, page by page, and nothing else", async () => {
    const owned = (await act("other-owner", "agents.list", {})).items.map(({ id }) => id);
    expect(owned).toHaveLength(2);
    const theirs = await prisma().auditEvent.findMany({
      where: { OR: [{ agentId: { in: owned } }, { principalId: idOf("other-owner") }] },
      orderBy: { seq: "desc" },
    });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: OutputOf<"activity.list"> = await act("other-owner", "activity.list", {
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(theirs.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(4);
    const changes = (await act("other-owner", "activity.list", { types: "changes", limit: 200 })).items;
    expect(changes.length).toBeGreaterThan(0);
    expect((await act("stranger", "activity.list", {})).items).toEqual([]);
  });
});

describe("a search that means more things than are read one by one", () => {
  it("finds the same grants", async () => {
    const crowd = Array.from({ length: 501 }, () => newId("agt"));
    await asOwner(database.ownerUrl, crowd, async (client) => {
      await client.query(
        `insert into agent (id, slug, name, purpose, environment, labels, created_by)
         select i, 'north-' || n, 'north ' || n, 'Crowd', 'production', '{}', $2 from unnest($1::text[]) with ordinality x (i, n)`,
        [crowd, idOf("stranger")],
      );
    });
    expect(await grants("security-1", { q: "north", sort: "createdAt" })).toEqual(
      inOrder.filter((row) => row.endsWith("north-example")),
    );
  });
});
