import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { attack } from "#tests/domain/attacks/attack.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, type PersonName, seedPeople } from "#tests/support/people.ts";
import { approve, connectorForm, readingTool, refusal, snapshot, submitted } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const because = { reason: "It has to be" };
let hosts = 0;

async function asked(change = {}) {
  const seen = snapshot(`standing-${++hosts}.example`, [readingTool("get_page")]);
  return submitted("requester", "connector", await connectorForm("requester", seen, change));
}
async function suspend(name: PersonName) {
  await act("administrator", "people.suspend", { personId: idOf(name), ...because });
}
async function resume(name: PersonName) {
  const { changeId } = await act("administrator", "people.resume", { personId: idOf(name), ...because });
  await act("administrator-2", "changes.confirm", { changeId, reason: "Agreed" });
}
async function dropRole(name: PersonName) {
  await act("administrator", "roles.remove", { personId: idOf(name), role: "security_reviewer", ...because });
}
async function giveRole(name: PersonName) {
  const input = { personId: idOf(name), role: "security_reviewer" as const, ...because };
  const { changeId } = await act("administrator", "roles.assign", input);
  await act("administrator-2", "changes.confirm", { changeId, reason: "Agreed" });
}

describe("a review that was given", () => {
  it("decides nothing once its person is suspended or without the role, not even for who has the application's database role", async () => {
    // medium: security and then the owner; the owner's is the deciding one
    const request = await asked({ classification: "confidential" });
    await approve("security-1", request, "security");
    const ids = { request: request.id, connector: request.connectorId ?? "" };
    const decide = "update request set state = 'approved' where id = $request";
    const other = await prisma().requestStage.findFirstOrThrow({ where: { requestId: request.id, kind: "owner" } });
    const review = `update ownership set confirmed_by = ${"$security"}, confirmed_at = now() where subject_id = $connector and confirmed_at is null;
      insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds)
      values ('new', $request, $stage, $owner, 'approve', $digest, true, '{}', 'ok', 'session', 5); ${decide}`;
    const all = {
      ...ids,
      stage: other.id,
      owner: idOf("owner"),
      security: idOf("security-2"),
      digest: request.digest ?? "",
    };
    const approval = "; select 1/0"; // taken back, so that each of them starts from the same state
    expect(await attack(database.appUrl, review + approval, all)).toBe("22012");
    await suspend("security-1");
    expect(await attack(database.appUrl, review + approval, all)).toBe("AM002");
    await resume("security-1");
    await dropRole("security-1");
    expect(await attack(database.appUrl, review + approval, all)).toBe("AM002");
    await giveRole("security-1");
    expect(await attack(database.appUrl, review + approval, all)).toBe("22012");
  });

  it("stands after the decision when its person hands on the role: the record says who was entitled then", async () => {
    const request = await asked();
    await approve("security-1", request, "security");
    await dropRole("security-1");
    const connectorId = request.connectorId ?? "";
    expect((await act("owner", "connectors.enable", { connectorId })).status).toBe("enabled");
    await giveRole("security-1");
  });

  it("begins nothing more once its person is suspended; what runs goes on, and what was stopped stays so", async () => {
    const waiting = await asked();
    await approve("security-1", waiting, "security");
    const running = await asked();
    await approve("security-1", running, "security");
    const [idle, busy] = [waiting.connectorId ?? "", running.connectorId ?? ""];
    await act("owner", "connectors.enable", { connectorId: busy });
    await suspend("security-1");
    expect((await refusal(act("owner", "connectors.enable", { connectorId: idle }))).code).toBe("not_approved");
    expect(
      await attack(database.appUrl, "update connector set status = 'enabled' where id = $connector", {
        connector: idle,
      }),
    ).toBe("AM002");
    expect((await act("owner", "connectors.get", { connectorId: busy })).status).toBe("enabled");
    await act("owner", "connectors.suspend", { connectorId: busy, ...because });
    const { changeId } = await act("owner", "connectors.resume", { connectorId: busy, ...because });
    expect((await refusal(act("security-2", "changes.confirm", { changeId, reason: "It is mended" }))).code).toBe(
      "not_approved",
    );
    await resume("security-1");
    expect((await act("owner", "connectors.enable", { connectorId: idle })).status).toBe("enabled");
    await act("security-2", "changes.confirm", { changeId, reason: "It is mended" });
    expect((await act("owner", "connectors.get", { connectorId: busy })).status).toBe("enabled");
  });
});
