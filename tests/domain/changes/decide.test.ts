import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { execute } from "#lib/domain/execute.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { eventsOf, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reason = "Because of the test";
const propose = () => act("administrator", "roles.assign", { personId: idOf("stranger"), role: "auditor", reason });
const confirm = (changeId: string) => act("administrator-2", "changes.confirm", { changeId, reason });
const reject = (changeId: string) => act("administrator-2", "changes.reject", { changeId, reason });
const outcomes = (all: PromiseSettledResult<unknown>[]) => all.filter(({ status }) => status === "fulfilled").length;

describe("a proposed change", () => {
  it("that is rejected, also by its proposer, changes nothing and cannot be confirmed any more", async () => {
    for (const who of ["administrator", "security-1"] as const) {
      const { changeId } = await propose();
      expect(await act(who, "changes.reject", { changeId, reason })).toMatchObject({
        state: "rejected",
        decidedBy: { id: idOf(who) },
      });
      expect((await refusal(confirm(changeId))).code).toBe("invalid_transition");
      expect(await eventsOf(changeId)).toEqual(["change.proposed", "change.rejected"]);
    }
    expect(await prisma().roleAssignment.count({ where: { userId: idOf("stranger") } })).toBe(0);
  });

  it("that is confirmed and rejected at once is one of the two", async () => {
    const { changeId } = await propose();
    expect(outcomes(await Promise.allSettled([confirm(changeId), reject(changeId), confirm(changeId)]))).toBe(1);
    expect(await prisma().changeDecision.count({ where: { changeId } })).toBe(1);
    const { verdict } = await prisma().changeDecision.findUniqueOrThrow({ where: { changeId } });
    expect(await prisma().roleAssignment.count({ where: { changeId } })).toBe(verdict === "confirm" ? 1 : 0);
    await act("administrator", "roles.remove", { personId: idOf("stranger"), role: "auditor", reason }).catch(
      () => undefined,
    );
  });

  it("that is too old is expired and takes no decision", async () => {
    const { changeId } = await propose();
    await backdate(database.ownerUrl, "change", "expires_at = now() - interval '1 second'", changeId);
    const [listed] = (await act("administrator-2", "changes.list", { state: "expired" })).items;
    expect(listed).toMatchObject({ id: changeId, state: "expired", mayConfirm: false });
    expect((await refusal(confirm(changeId))).code).toBe("invalid_transition");
    expect((await refusal(reject(changeId))).code).toBe("invalid_transition");
  });

  it("whose proposer was suspended meanwhile is not carried out", async () => {
    const personId = idOf("other-owner");
    const made = await act("administrator", "roles.assign", { personId, role: "administrator", reason });
    await confirm(made.changeId);
    const caller = {
      kind: "user",
      id: personId,
      roles: ["administrator"],
      via: "session",
      interactiveSignInAgeSeconds: 5,
    } as const;
    const { changeId } = await execute(
      "roles.assign",
      { personId: idOf("stranger"), role: "platform_reviewer", reason },
      { caller, requestId: "rqt" },
    );
    await act("security-1", "people.suspend", { personId, reason: "Taken over" });
    expect((await refusal(confirm(changeId))).code).toBe("not_eligible");
    expect(await prisma().roleAssignment.count({ where: { changeId } })).toBe(0);
  });

  it("about something that came true meanwhile is not carried out twice", async () => {
    const input = { personId: idOf("requester"), role: "auditor" as const, reason };
    const [first, second] = [
      await act("administrator", "roles.assign", input),
      await act("administrator", "roles.assign", input),
    ];
    await confirm(first.changeId);
    expect((await refusal(confirm(second.changeId))).code).toBe("already_exists");
    expect(await prisma().changeDecision.count({ where: { changeId: second.changeId } })).toBe(0);
  });
});

describe("the list of changes", () => {
  it("shows everybody their own and the offices all, with the exact input", async () => {
    const all = (await act("auditor", "changes.list", { limit: 200 })).items;
    expect(all).toHaveLength(await prisma().change.count());
    expect(all[0]?.input).toMatchObject({ role: expect.any(String), personId: expect.any(String) });
    expect((await act("stranger", "changes.list", {})).items).toEqual([]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await act("administrator", "changes.list", {
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(all.map(({ id }) => id));
  });
});
