import { beforeAll, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { advanceDueRequests } from "#lib/domain/requests/due.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { approve, connectorForm, eventsOf, readingTool, snapshot, submitted } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const past = "now() - interval '1 second'";

it("an undecided stage is reminded, falls back, escalates and is denied, each once and as an event", async () => {
  const form = await connectorForm("requester", snapshot("late.example", [readingTool("get_page")]), {
    classification: "confidential",
  });
  const request = await submitted("requester", "connector", form);
  const stages = await prisma().requestStage.findMany({ where: { requestId: request.id } });
  const reach = async (column: string) => {
    for (const { id } of stages) await backdate(database.ownerUrl, "request_stage", `${column} = ${past}`, id);
    const looked = await advanceDueRequests();
    expect(await advanceDueRequests()).toBe(0);
    return looked;
  };
  const told = async (kind: string) => {
    const rows = await prisma().notification.findMany({ where: { subjectId: request.id, kind } });
    return new Set(rows.map(({ userId }) => userId));
  };

  expect(await advanceDueRequests()).toBe(0);
  expect(await reach("remind_at")).toBe(1);
  expect(await told("reminder")).toContain(idOf("security-1"));
  expect(await reach("due_at")).toBe(1);
  expect(await told("reminder")).toContain(idOf("administrator"));
  await approve("security-1", request, "security");
  expect(await reach("escalate_at")).toBe(1);
  expect(await told("escalation")).toContain(idOf("requester"));
  expect(await reach("deny_at")).toBe(1);
  const denied = await act("requester", "requests.get", { requestId: request.id });
  expect(denied.state).toBe("denied");
  expect(await eventsOf(request.id)).toEqual([
    "request.submitted",
    "request.reminded",
    "request.reminded",
    "request.reminded",
    "request.reminded",
    "request.review-recorded",
    "request.escalated",
    "request.denied",
  ]);
  expect(denied.timeline.at(-1)).toMatchObject({ type: "request.denied", who: "Ambit" });
});
