import { beforeAll, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { attack } from "#tests/domain/attacks/attack.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import { connectorForm, deletingTool, readingTool, snapshot, submitted } from "#tests/support/requests.ts";

// Effects and labels downwards take two persons, however the row of a tool came to say less.
const database = await openTestDatabase();
const ids: Record<string, string> = {};
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  const seen = snapshot("effects.example", [readingTool("get_file"), deletingTool("delete_file")]);
  const request = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", seen, { tools: ["get_file"] }),
  );
  const row = await prisma().request.findUniqueOrThrow({ where: { id: request.id } });
  const stage = await prisma().requestStage.findFirstOrThrow({ where: { requestId: request.id } });
  Object.assign(ids, { request: row.id, connector: row.connectorId, version: row.versionId, digest: row.digest });
  Object.assign(ids, { stage: stage.id, security1: idOf("security-1") });
});

/** The last review and the approval that follows, taken back: 22012 where PostgreSQL would have accepted them. */
const approval = `insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds)
    values ('new', $request, $stage, $security1, 'approve', $digest, true, '{"holdTools":[]}', 'ok', 'session', 5);
  update request set state = 'approved' where id = $request;
  insert into approval (id, request_id, connector_id, version_id, digest, tier, tools, hold_tools, any_agent, expires_at)
    values ('new', $request, $connector, $version, $digest, 'low', '{get_file}', '{}', true, now() + interval '1 day'); select 1/0`;
const approved = () => attack(database.appUrl, approval, ids);

async function toolNamed(name: string): Promise<string> {
  return (await prisma().tool.findFirstOrThrow({ where: { connectorId: ids.connector ?? "", name } })).id;
}
async function relabelled(toolId: string, effect: "read" | "write", labels: "sensitive"[] = []): Promise<string> {
  const { changeId } = await act("security-1", "tools.relabel", { toolId, effect, labels, reason: "It only moves it" });
  await act("administrator", "changes.confirm", { changeId, reason: "Agreed" });
  return changeId;
}

it("nothing is approved with a tool that counts for less, but by what two persons said about that very definition", async () => {
  const deletes = await toolNamed("delete_file");
  const set = (values: string) => backdate(database.ownerUrl, "tool", values, deletes);
  expect(await approved()).toBe("22012");
  await set("effect = 'read'");
  expect(await approved()).toBe("AM002");
  await set("change_id = 'chg_none'");
  expect(await approved()).toBe("AM002");
  await set(
    `labels = '{sensitive}', change_id = '${await relabelled(await toolNamed("get_file"), "read", ["sensitive"])}'`,
  );
  expect(await approved()).toBe("AM002");
  await set("effect = 'destructive', change_id = null");
  await relabelled(deletes, "write");
  expect(await approved()).toBe("22012");
  await set("effect = 'read'");
  expect(await approved()).toBe("AM002");
});
