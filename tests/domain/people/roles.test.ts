import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf, eventsOf, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reason = "Because of the test";
const held = async (personId: string) =>
  (await prisma().roleAssignment.findMany({ where: { userId: personId, revokedAt: null } })).map(({ role }) => role);
const confirm = (changeId: string) => act("administrator-2", "changes.confirm", { changeId, reason });
const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();

describe("a role", () => {
  it("is given by two, as an event that names both, and taken by one at once", async () => {
    const personId = idOf("stranger");
    const { changeId } = await act("administrator", "roles.assign", { personId, role: "auditor", reason });
    expect(await held(personId)).toEqual([]);
    await confirm(changeId);
    expect(await held(personId)).toEqual(["auditor"]);
    await act("administrator", "roles.remove", { personId, role: "auditor", reason });
    expect(await held(personId)).toEqual([]);
    expect(await eventsOf(personId)).toEqual(
      expect.arrayContaining(["change.proposed", "role.granted", "role.revoked"]),
    );
  });

  it("of one's own is taken by somebody else", async () => {
    const own = { personId: idOf("administrator"), role: "administrator" as const, reason };
    expect((await refusal(act("administrator", "roles.remove", own))).code).toBe("second_person_required");
    expect(await held(idOf("administrator"))).toEqual(["administrator"]);
  });

  it("that somebody has already, does not have, or that goes to a suspended person, is refused", async () => {
    const give = (personId: string, role: "auditor" | "security_reviewer") =>
      act("administrator", "roles.assign", { personId, role, reason });
    expect((await refusal(give(idOf("auditor"), "auditor"))).code).toBe("already_exists");
    expect(
      (await refusal(act("administrator", "roles.remove", { personId: idOf("requester"), role: "auditor", reason })))
        .code,
    ).toBe("not_found");
    await act("security-1", "people.suspend", { personId: idOf("stranger"), reason });
    expect((await refusal(give(idOf("stranger"), "auditor"))).code).toBe("invalid_transition");
    expect((await refusal(act("security-1", "people.suspend", { personId: idOf("stranger"), reason }))).code).toBe(
      "invalid_transition",
    );
  });
});

describe("a team", () => {
  it("takes a person or an agent by two; an agent's owner gains and does not confirm", async () => {
    const team = await act("administrator", "teams.create", { name: "Crew", kind: "business" });
    const agentId = await agentOf("requester", "joiner");
    const { changeId } = await act("administrator", "teams.add-member", {
      teamId: team.id,
      memberKind: "agent",
      memberId: agentId,
      reason,
    });
    const change = await prisma().change.findUniqueOrThrow({ where: { id: changeId } });
    expect(change.beneficiaries.sort()).toEqual([agentId, idOf("requester")].sort());
    await confirm(changeId);
    expect((await act("requester", "agents.get", { agentId })).teams).toEqual([{ id: team.id, name: "Crew" }]);
    const same = { teamId: team.id, memberKind: "agent" as const, memberId: agentId, reason };
    expect((await refusal(act("administrator", "teams.add-member", same))).code).toBe("already_exists");
    await act("administrator", "teams.remove-member", { teamId: team.id, memberId: agentId, reason });
    expect(await eventsOf(team.id)).toEqual(
      expect.arrayContaining(["team.created", "change.proposed", "team.member-added", "team.member-removed"]),
    );
    expect((await refusal(act("administrator", "teams.create", { name: "Crew", kind: "business" }))).code).toBe(
      "already_exists",
    );
  });
});

describe("a delegate", () => {
  const set = (delegateId: string, startsAt: string, endsAt: string) =>
    act("security-1", "delegates.set", { delegateId, startsAt, endsAt });

  it.each([
    ["oneself", idOf("security-1"), days(0), days(1)],
    ["somebody suspended", idOf("stranger"), days(0), days(1)],
    ["an end before the start", idOf("owner"), days(2), days(1)],
    ["an end in the past", idOf("owner"), days(-2), days(-1)],
    ["more than 60 days", idOf("owner"), days(0), days(61)],
  ])("with %s is refused", async (_, delegateId, startsAt, endsAt) => {
    expect((await refusal(set(delegateId, startsAt, endsAt))).code).toBe("invalid_input");
  });

  it("ends when it is cancelled, once", async () => {
    const { changeId } = await set(idOf("requester"), days(0), days(5));
    await act("administrator", "changes.confirm", { changeId, reason });
    const [delegation] = (await act("security-1", "people.me", {})).delegations;
    const delegationId = delegation?.id ?? "";
    expect(delegation).toMatchObject({ delegate: { id: idOf("requester") }, active: true });
    expect((await refusal(act("requester", "delegates.cancel", { delegationId }))).code).toBe("not_found");
    await act("security-1", "delegates.cancel", { delegationId });
    expect((await act("security-1", "people.me", {})).delegations).toEqual([]);
    expect((await refusal(act("security-1", "delegates.cancel", { delegationId }))).code).toBe("invalid_transition");
    expect(await eventsOf(idOf("security-1"))).toEqual(
      expect.arrayContaining(["delegate.appointed", "delegate.dismissed"]),
    );
  });
});

describe("a list of people", () => {
  it("takes what is typed as it is, and pages by name without loss", async () => {
    expect((await act("requester", "people.list", { q: "%" })).items).toEqual([]);
    expect((await act("requester", "people.list", { q: "security" })).items.map(({ name }) => name)).toEqual([
      "security-1",
      "security-2",
    ]);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await act("requester", "people.list", { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(await prisma().user.count());
  });
});

describe("the last two administrators", () => {
  it("keep their role, also when two of three would lose it at once", async () => {
    const remove = (personId: string) =>
      act("administrator", "roles.remove", { personId, role: "administrator", reason });
    expect((await refusal(remove(idOf("administrator-2")))).code).toBe("conflict");
    const { changeId } = await act("administrator", "roles.assign", {
      personId: idOf("owner"),
      role: "administrator",
      reason,
    });
    await confirm(changeId);
    const both = await Promise.allSettled([remove(idOf("administrator-2")), remove(idOf("owner"))]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await prisma().roleAssignment.count({ where: { role: "administrator", revokedAt: null } })).toBe(2);
  });
});
