import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { reviseShortages } from "#lib/domain/requests/shortages.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, type PersonName, seedPeople } from "#tests/support/people.ts";
import {
  connectorForm,
  deletingTool,
  enabledConnector,
  eventsOf,
  readingTool,
  refusal,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const todosOf = async (who: PersonName, kind: string) =>
  (await act(who, "home.get", {})).todos
    .filter((todo) => todo.kind === kind)
    .map(({ title, href }) => `${title} ${href}`);

describe("a connector whose accountable owner is gone", () => {
  it("is a finding for administrators and security until it has an owner again", async () => {
    const { connectorId } = await enabledConnector("orphan.example", [readingTool("get_row")], {
      accountableOwnerId: idOf("other-owner"),
      technicalOwnerId: idOf("owner"),
    });
    expect(await todosOf("administrator", "orphan")).toEqual([]);
    await act("administrator", "people.suspend", { personId: idOf("other-owner"), reason: "Left the company" });
    for (const who of ["administrator", "security-1"] as const) {
      expect(await todosOf(who, "orphan")).toEqual(["Server orphan.example /connectors/orphan-example"]);
    }
    expect(await todosOf("owner", "orphan")).toEqual([]);
    const { changeId } = await act("security-1", "connectors.set-owner", {
      connectorId,
      ownerKind: "user",
      ownerId: idOf("owner"),
      role: "accountable",
      reason: "Takes it over",
    });
    await act("security-2", "changes.confirm", { changeId, reason: "Checked with the team" });
    expect(await todosOf("administrator", "orphan")).toEqual([]);
    const events = await eventsOf(connectorId);
    expect(events.filter((type) => type.startsWith("finding."))).toEqual(["finding.opened", "finding.resolved"]);
  });
});

describe("a request that nobody left can decide", () => {
  it("is submitted when only reviewers are missing, and is a finding with its stage", async () => {
    const form = await connectorForm("security-1", snapshot("short.example", [deletingTool("delete_row")]));
    const draft = await act("security-1", "requests.create", { kind: "connector", form });
    const preview = await act("security-1", "requests.preview", { requestId: draft.id });
    expect(preview.problems).toEqual([]);
    expect(preview.stages.find(({ kind }) => kind === "security")?.shortage).toContain("one more person");
    await act("security-1", "requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion });
    expect(await todosOf("administrator", "no_eligible_reviewer")).toEqual(["Server short.example /settings"]);
    expect(await todosOf("security-2", "no_eligible_reviewer")).toEqual([`Server short.example /requests/${draft.id}`]);
    await act("security-1", "requests.withdraw", { requestId: draft.id, reason: "Not needed any more" });
    expect(await todosOf("administrator", "no_eligible_reviewer")).toEqual([]);
    await reviseShortages();
    expect(await eventsOf(draft.id)).toContain("finding.resolved");
  });

  it("is refused as long as another owner can be named", async () => {
    const form = await connectorForm("requester", snapshot("own.example", [deletingTool("delete_row")]), {
      accountableOwnerId: idOf("requester"),
    });
    expect((await refusal(submitted("requester", "connector", form))).issues.length).toBeGreaterThan(0);
  });

  it("becomes a finding once its last reviewer is gone, once only", async () => {
    const form = await connectorForm("requester", snapshot("later.example", [deletingTool("delete_row")]));
    const request = await submitted("requester", "connector", form);
    expect(await reviseShortages()).toBe(0);
    await act("administrator", "people.suspend", { personId: idOf("platform"), reason: "Left the company" });
    expect(await reviseShortages()).toBe(1);
    expect(await reviseShortages()).toBe(0);
    const open = await prisma().finding.findMany({ where: { subjectId: request.id, closedAt: null } });
    expect(open.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual(["no_eligible_reviewer platform"]);
  });
});
