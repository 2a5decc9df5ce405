import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { PublicJwk } from "#lib/contract/agents.ts";
import { prisma } from "#lib/db/client.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf, enabledConnector, eventsOf, readingTool, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reason = "Because of the test";
const newKey = () => PublicJwk.parse(generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }));
const confirm = (changeId: string) => act("security-1", "changes.confirm", { changeId, reason });
const status = async (id: string) => (await prisma().agent.findUniqueOrThrow({ where: { id } })).status;

async function addKey(agentId: string, publicJwk = newKey()): Promise<void> {
  const { changeId } = await act("owner", "agents.add-key", { agentId, publicJwk, reason });
  await confirm(changeId);
}

describe("registering an agent", () => {
  it("makes its registrant accountable, as an event, with no key", async () => {
    const id = await agentOf("requester", "first");
    const agent = await act("requester", "agents.get", { agentId: "first" });
    expect(agent.owners).toMatchObject([{ ownerId: idOf("requester"), role: "accountable" }]);
    expect(agent).toMatchObject({
      id,
      keys: [],
      status: "active",
      may: ["suspend", "retire", "add-key", "revoke-key"],
    });
    expect(await eventsOf(id)).toEqual(["agent.registered"]);
  });

  it("takes a short name once, also when two want it at once", async () => {
    const both = await Promise.allSettled([agentOf("requester", "wanted"), agentOf("owner", "wanted")]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await refusal(agentOf("owner", "wanted"))).code).toBe("already_exists");
  });

  it("names no owner but oneself or a team of one's own", async () => {
    const input = { slug: "given", name: "x", purpose: "x", environment: "staging" as const };
    const as = (ownerKind: "user" | "team", ownerId?: string) =>
      refusal(
        act("requester", "agents.register", { ...input, ownerKind, ...(ownerId === undefined ? {} : { ownerId }) }),
      );
    const team = await act("administrator", "teams.create", { name: "Others", kind: "business" });
    for (const work of [as("user", idOf("owner")), as("team", team.id), as("team")])
      expect((await work).code).toBe("invalid_input");
  });
});

describe("an agent's key", () => {
  it("counts once somebody else confirmed exactly it, and ends when it is revoked", async () => {
    const agentId = await agentOf("owner", "keyed");
    const publicJwk = newKey();
    const { changeId } = await act("owner", "agents.add-key", { agentId, publicJwk, reason });
    expect((await act("owner", "agents.get", { agentId })).keys).toEqual([]);
    await confirm(changeId);
    const [key] = (await act("owner", "agents.get", { agentId })).keys;
    expect(key).toMatchObject({ algorithm: "EdDSA", revokedAt: null });
    expect((await prisma().agentKey.findUniqueOrThrow({ where: { id: key?.id ?? "" } })).publicJwk).toEqual(publicJwk);
    const revoke = () => act("owner", "agents.revoke-key", { agentId, keyId: key?.id ?? "", reason });
    await revoke();
    expect((await refusal(revoke())).code).toBe("invalid_transition");
    expect(await eventsOf(agentId)).toEqual(expect.arrayContaining(["agent.key-added", "agent.key-revoked"]));
  });

  it("belongs to one agent only, and a private one is refused unread", async () => {
    const publicJwk = newKey();
    await addKey(await agentOf("owner", "has-it"), publicJwk);
    const other = await agentOf("owner", "wants-it");
    expect((await refusal(act("owner", "agents.add-key", { agentId: other, publicJwk, reason }))).code).toBe(
      "already_exists",
    );
    const secret = { ...publicJwk, d: "A".repeat(43) };
    const refused = await refusal(act("owner", "agents.add-key", { agentId: other, publicJwk: secret, reason }));
    expect(refused.code).toBe("invalid_input");
    expect(JSON.stringify(refused)).not.toContain("AAAA");
  });

  it("is not added to an agent that was retired while the change waited", async () => {
    const agentId = await agentOf("owner", "late");
    const { changeId } = await act("owner", "agents.add-key", { agentId, publicJwk: newKey(), reason });
    await act("owner", "agents.retire", { agentId, reason });
    expect((await refusal(confirm(changeId))).code).toBe("invalid_transition");
    expect(await prisma().agentKey.count({ where: { agentId } })).toBe(0);
    expect(await prisma().changeDecision.count({ where: { changeId } })).toBe(0);
  });
});

describe("stopping an agent", () => {
  it("takes one person; going on takes two, neither of whom owns it alone", async () => {
    const agentId = await agentOf("owner", "stopped");
    await act("security-2", "agents.suspend", { agentId, reason });
    expect(await status(agentId)).toBe("suspended");
    const { changeId } = await act("owner", "agents.resume", { agentId, reason });
    expect((await refusal(act("owner", "changes.confirm", { changeId, reason }))).code).toBe("not_eligible");
    await confirm(changeId);
    expect(await status(agentId)).toBe("active");
    expect((await eventsOf(agentId)).toSorted()).toEqual([
      "agent.registered",
      "agent.resumed",
      "agent.suspended",
      "change.confirmed",
      "change.proposed",
    ]);
  });

  it("for good ends its keys and grants in the same breath", async () => {
    const agentId = await agentOf("owner", "leaving");
    await addKey(agentId);
    await enabledConnector("leaving.example", [readingTool("get_it")], { agentIds: [agentId] });
    expect(await prisma().grant.count({ where: { principalId: agentId, status: "active" } })).toBe(1);
    await act("owner", "agents.retire", { agentId, reason });
    expect(await prisma().agentKey.count({ where: { agentId, revokedAt: null } })).toBe(0);
    expect(await prisma().grant.count({ where: { principalId: agentId, status: { in: ["active", "pending"] } } })).toBe(
      0,
    );
    expect(await eventsOf(agentId)).toEqual(expect.arrayContaining(["agent.retired", "grant.revoked"]));
    for (const verb of ["agents.suspend", "agents.retire", "agents.resume"] as const) {
      expect((await refusal(act("owner", verb, { agentId, reason }))).code).toBe("invalid_transition");
    }
  });

  it("twice at once stops it once", async () => {
    const agentId = await agentOf("owner", "hurried");
    const both = await Promise.allSettled(
      ["owner", "security-1"].map((who) => act(who as "owner", "agents.suspend", { agentId, reason })),
    );
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await eventsOf(agentId)).filter((type) => type === "agent.suspended")).toHaveLength(1);
  });
});

describe("a list of agents", () => {
  it("shows owners theirs, reviewers all, administrators none, and takes what is typed as it is", async () => {
    const all = (await act("security-1", "agents.list", { limit: 200 })).items;
    expect(all).toHaveLength(await prisma().agent.count());
    const mine = (await act("owner", "agents.list", { limit: 200 })).items;
    expect(mine.every(({ owners }) => owners.some(({ ownerId }) => ownerId === idOf("owner")))).toBe(true);
    expect((await act("administrator", "agents.list", {})).items).toEqual([]);
    expect((await act("security-1", "agents.list", { q: "%" })).items).toEqual([]);
    expect((await act("security-1", "agents.list", { q: "has_it" })).items).toEqual([]);
    expect((await act("security-1", "agents.list", { q: "HAS-IT" })).items.map(({ slug }) => slug)).toEqual(["has-it"]);
  });

  it("pages without loss where many are made in one millisecond", async () => {
    const ids = (await prisma().agent.findMany({ select: { id: true } })).map(({ id }) => id);
    for (const [n, id] of ids.entries()) {
      await backdate(database.ownerUrl, "agent", `created_at = '2026-01-01T00:00:00.00012${n % 10}Z'`, id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await act("security-1", "agents.list", { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});
