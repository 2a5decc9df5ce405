import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { newId } from "#lib/platform/id.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { eventInsert } from "#tests/support/event.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf, connectorForm, enabledConnector, readingTool, snapshot, submitted } from "#tests/support/requests.ts";

const database = await openTestDatabase();
let agentId = "";
let connectorId = "";
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  agentId = await agentOf("requester", "reader");
  connectorId = (await enabledConnector("enabled.example", [readingTool("get_page")], { agentIds: [agentId] }))
    .connectorId;
});

/** A call's event, as the gateway writes it, some days ago. */
async function called(type: "call.intent" | "call.denied", daysAgo: number): Promise<void> {
  const time = new Date();
  time.setUTCHours(0, 1, 0, 0);
  time.setUTCDate(time.getUTCDate() - daysAgo);
  const columns = { call_id: newId("cal"), connector_id: connectorId, agent_id: agentId };
  const { id, text, values } = eventInsert({ type, principal: { kind: "agent", id: agentId }, columns });
  await execute(database.gatewayUrl, text, values);
  await backdate(database.ownerUrl, "audit_event", `time = '${time.toISOString()}'`, id);
}

describe("home", () => {
  it("counts the estate per day for whom it concerns, today last", async () => {
    for (const [type, days] of [
      ["call.intent", 30],
      ["call.intent", 29],
      ["call.denied", 3],
      ["call.intent", 1],
      ["call.intent", 1],
    ] as const)
      await called(type, days);
    const seen = await act("security-1", "home.get", {});
    expect(seen.calls.value).toBe(3);
    expect(seen.calls.last30Days).toHaveLength(30);
    expect([seen.calls.last30Days[0], seen.calls.last30Days[28], seen.calls.last30Days[29]]).toEqual([1, 2, 0]);
    expect(seen.denials.last30Days[26]).toBe(1);
    expect(seen).toMatchObject({ connectors: { value: 1 }, grants: { value: 1 } });
    expect(seen.grants.last30Days[29]).toBe(1);
    expect((await act("owner", "home.get", {})).calls.value).toBe(3);
    expect(await act("stranger", "home.get", {})).toMatchObject({
      calls: { value: 0 },
      grants: { value: 0 },
      connectors: { value: 1 },
      todos: [],
    });
  });

  it("says what waits for whom, and for nobody else", async () => {
    const kinds = async (who: Parameters<typeof act>[0]) =>
      (await act(who, "home.get", {})).todos.map(({ kind, subjectId }) => `${kind} ${subjectId}`);
    const request = await submitted(
      "requester",
      "connector",
      await connectorForm("requester", snapshot("asked.example", [readingTool("get_row")])),
    );
    const draft = await act("requester", "requests.create", { kind: "connector", form: {} });
    const change = await act("owner", "connectors.set-owner", {
      connectorId,
      ownerKind: "user",
      ownerId: idOf("stranger"),
      role: "technical",
      reason: "More hands",
    });
    expect(await kinds("security-1")).toEqual(
      expect.arrayContaining([`review ${request.id}`, `change ${change.changeId}`]),
    );
    expect(await kinds("requester")).toEqual([`draft ${draft.id}`]);
    expect(await kinds("administrator")).toContain(`change ${change.changeId}`);
    expect(await kinds("owner")).not.toContain(`change ${change.changeId}`);
    expect(await kinds("other-owner")).toEqual([]);
  });
});

describe("the palette's search", () => {
  const found = async (who: Parameters<typeof act>[0], q: string) =>
    (await act(who, "home.search", { q })).items.map(({ kind, title }) => `${kind} ${title}`);

  it("finds each noun by name, for those who may see it", async () => {
    expect(await found("security-1", "get_page")).toContain("tool get_page");
    expect(await found("security-1", "reader")).toContain("agent reader");
    expect(await found("stranger", "reader")).toEqual([]);
    expect(await found("stranger", "enabled.example")).toContain("connector Server enabled.example");
    expect((await found("security-1", "asked")).length).toBeGreaterThan(0);
    expect(await found("stranger", "asked")).toEqual([]);
  });

  it("takes what is typed as it is, and two letters as a beginning", async () => {
    for (const q of ["%", "_", "\\", "%%", "'"]) expect(await found("security-1", q)).toEqual([]);
    expect(await found("security-1", "GE")).toContain("tool get_page");
    const [person] = (await act("requester", "home.search", { q: "security-1" })).items;
    expect(person).toMatchObject({ kind: "person", href: "/settings?tab=people&q=security-1" });
  });
});

describe("notifications", () => {
  it("are one's own, and read once", async () => {
    const { items } = await act("requester", "notifications.list", {});
    expect(items.length).toBeGreaterThan(0);
    const ids = items.map(({ id }) => id);
    expect(await act("stranger", "notifications.read", { ids })).toEqual({ read: 0 });
    expect(await act("requester", "notifications.read", { ids })).toEqual({ read: ids.length });
    expect(await act("requester", "notifications.read", { ids })).toEqual({ read: 0 });
    expect((await act("requester", "people.me", {})).unreadNotifications).toBe(0);
    expect(await prisma().notification.count({ where: { userId: idOf("stranger"), readAt: { not: null } } })).toBe(0);
  });
});
