import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { type Attack, attack } from "#tests/domain/attacks/attack.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  deletingTool,
  readingTool,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
const ids: Record<string, string> = {};

beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  for (const name of ["requester", "owner", "security-1", "security-2", "platform", "auditor", "stranger"] as const) {
    ids[name.replace("-", "")] = idOf(name);
  }
  ids.agent = await agentOf("other-owner", "helped");
  const capabilities = [readingTool("get_file"), deletingTool("delete_file")];
  const high = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", snapshot("high.example", capabilities), {
      agentIds: [ids.agent],
      tools: ["get_file", "delete_file"],
    }),
  );
  await approve("security-1", high, "security", { conditions: { holdTools: ["delete_file"] } });
  const row = await prisma().request.findUniqueOrThrow({ where: { id: high.id } });
  Object.assign(ids, { request: high.id, connector: high.connectorId, version: row.versionId, digest: row.digest });
  const stages = await prisma().requestStage.findMany({ where: { requestId: high.id } });
  for (const stage of stages) ids[`stage_${stage.kind}`] = stage.id;
  const [review] = await prisma().review.findMany({ where: { requestId: high.id } });
  ids.review = review?.id ?? "";

  const low = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", snapshot("low.example", [readingTool("get_page")])),
  );
  await approve("security-1", low, "security");
  Object.assign(ids, { lowRequest: low.id, lowConnector: low.connectorId });
  const approval = await prisma().approval.findUniqueOrThrow({ where: { requestId: low.id } });
  Object.assign(ids, { lowApproval: approval.id, lowVersion: approval.versionId });
  const medium = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", snapshot("medium.example", [readingTool("get_page")]), {
      agentIds: [await agentOf("security-2", "gains")],
      classification: "confidential",
    }),
  );
  ids.medium = medium.id;
  const draft = await act("requester", "requests.create", { kind: "connector", form: {} });
  ids.draft = draft.id;
});

const review = (who: string, stage: string, more = "", values = "") =>
  `insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds${more})
   values ('new', $request, $stage_${stage}, ${who}, 'approve', $digest, true, '{"holdTools":[]}', 'ok', 'session', 5${values})`;
const stage = (kind: string, quorum: number, request = "$request", round = 1) =>
  `insert into request_stage (id, request_id, round, kind, quorum, after, remind_at, due_at, escalate_at, deny_at)
   values ('new_${kind}', ${request}, ${round}, '${kind}', ${quorum}, '{}', now(), now(), now(), now())`;
const approval = (more = "") =>
  `insert into approval (id, request_id, connector_id, version_id, digest, tier, tools, hold_tools, any_agent, expires_at)
   values ('new', $request, $connector, $version, $digest, 'high', '{get_file${more}}', '{}', true, now() + interval '1 day')`;

/** On a request whose owner nobody confirmed and whose agent is Security reviewer 2's. */
const onMedium = (who: string, kind: string, more = "", values = "") =>
  `insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds${more})
   select 'new', r.id, s.id, ${who}, 'approve', r.digest, true, '{"holdTools":[]}', 'ok', 'session', 5${values}
   from request r join request_stage s on s.request_id = r.id and s.kind = '${kind}' where r.id = $medium`;

const attacks: Attack[] = [
  { does: "reviews as an owner whom only the requester named", sql: onMedium("$owner", "owner"), refused: "AM003" },
  { does: "reviews as the owner of the agent that gains", sql: onMedium("$security2", "security"), refused: "AM003" },
  {
    does: "reviews in place of the owner of the agent that gains",
    sql: onMedium("$security1", "security", ", on_behalf_of", ", $security2"),
    refused: "AM003",
  },
  {
    does: "reviews as the delegate of the requester",
    sql: onMedium("$platform", "security", ", on_behalf_of", ", $requester"),
    refused: "AM003",
  },
  {
    does: "enables a connector that is in review",
    sql: "update connector set status = 'enabled' where id = $connector",
    refused: "AM006",
  },
  {
    does: "calls a connector approved",
    sql: "update connector set status = 'approved', approved_version_id = $version where id = $connector",
    refused: "AM002",
  },
  {
    does: "inserts a connector that is enabled",
    sql: "insert into connector (id, slug, name, purpose, environment, classification, tier, status, transport, created_by) values ('new','new','n','p','e','public','low','enabled','stdio','new')",
    refused: "AM006",
  },
  {
    does: "calls a version approved",
    sql: "update connector_version set status = 'approved' where id = $version",
    refused: "AM002",
  },
  {
    does: "inserts a version that is approved",
    sql: "insert into connector_version (id, connector_id, number, status, digest, content, identity, findings, created_by) values ('new', $connector, 9, 'approved', encode(sha256('x'), 'hex'), 'x', '{}', '[]', 'new')",
    refused: "AM006",
  },
  {
    does: "changes what a version is",
    sql: "update connector_version set identity = '{}' where id = $version",
    refused: "AM004",
  },
  {
    does: "stores content under another digest",
    sql: "insert into connector_version (id, connector_id, number, digest, content, identity, findings, created_by) values ('new', $connector, 9, 'abc', 'x', '{}', '[]', 'new')",
    refused: "23514",
  },
  {
    does: "adds a capability to a version under review",
    sql: "insert into version_tool (id, version_id, tool_id, kind, name, digest, definition, effect, why, labels) select 'new', $version, id, kind, 'other', encode(sha256('x'), 'hex'), 'x', 'read', '{}', '{}' from tool where connector_id = $connector limit 1",
    refused: "AM004",
  },
  {
    does: "calls a request approved",
    sql: "update request set state = 'approved' where id = $request",
    refused: "AM002",
  },
  {
    does: "submits and approves a draft at once",
    sql: "update request set state = 'approved', tier = 'low' where id = $draft",
    refused: "AM006",
  },
  {
    does: "inserts a request that is approved",
    sql: "insert into request (id, kind, state, title, requester_id, form) values ('new', 'connector', 'approved', 't', $requester, '{}')",
    refused: "AM006",
  },
  { does: "inserts the approval of a request in review", sql: approval(), refused: "AM002" },
  {
    does: "combines request, approval, version and connector in one transaction",
    sql: `update request set state = 'approved' where id = $request; ${approval()}; update connector_version set status = 'approved' where id = $version; update connector set status = 'approved', approved_version_id = $version where id = $connector`,
    refused: "AM002",
  },
  { does: "gives a stage a quorum of zero", sql: stage("platform", 0, "$draft", 0), refused: "AM004" },
  { does: "adds a stage after a review", sql: stage("another", 1), refused: "AM004" },
  { does: "adds a stage to a round to come", sql: stage("security", 1, "$request", 2), refused: "AM004" },
  {
    does: "lowers the quorum of a stage",
    sql: "update request_stage set quorum = 1 where id = $stage_security",
    refused: "42501",
  },
  { does: "removes a stage", sql: "delete from request_stage where id = $stage_platform", refused: "42501" },
  {
    does: "opens a round of lower tier with one stage, and approves that",
    sql: `update request set round = 2, tier = 'low', state = 'in_review' where id = $request; ${stage("security", 1, "$request", 2)}; insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds) values ('new', $request, 'new_security', $security2, 'approve', $digest, true, '{"holdTools":[]}', 'ok', 'session', 5); update request set state = 'approved' where id = $request; insert into approval (id, request_id, connector_id, version_id, digest, tier, tools, any_agent, expires_at) values ('new', $request, $connector, $version, $digest, 'low', '{delete_file}', true, now() + interval '1 day')`,
    refused: "AM002",
  },
  {
    does: "opens a round without its stages, and approves that",
    sql: `update request set round = 2, state = 'in_review' where id = $request; ${stage("security", 1, "$request", 2)}; insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds) values ('new', $request, 'new_security', $security2, 'approve', $digest, true, '{}', 'ok', 'session', 5); update request set state = 'approved' where id = $request`,
    refused: "AM002",
  },
  {
    does: "goes by tiers that are not in force",
    sql: "update request set round = 2, config_version = 7 where id = $request",
    refused: "AM004",
  },
  {
    does: "changes the digest within a round",
    sql: "update request set content = 'x', digest = encode(sha256('x'), 'hex') where id = $request",
    refused: "AM004",
  },
  {
    does: "lowers the tier within a round",
    sql: "update request set tier = 'low' where id = $request",
    refused: "AM004",
  },
  {
    does: "lowers the classification within a round",
    sql: "update request set classification = 'public' where id = $request",
    refused: "AM004",
  },
  {
    does: "asks for more tools within a round",
    sql: "update request set form = '{\"tools\": []}' where id = $request",
    refused: "AM004",
  },
  {
    does: "takes another's name as requester",
    sql: "update request set requester_id = $stranger where id = $request",
    refused: "AM004",
  },
  {
    does: "reopens a request that is approved",
    sql: "update request set state = 'in_review' where id = $lowRequest",
    refused: "AM006",
  },
  { does: "removes a request that was submitted", sql: "delete from request where id = $request", refused: "AM004" },
  { does: "reviews as the requester", sql: review("$requester", "security"), refused: "AM003" },
  { does: "reviews without the role", sql: review("$stranger", "security"), refused: "AM003" },
  { does: "reviews as an auditor", sql: review("$auditor", "security"), refused: "AM003" },
  { does: "counts one person twice on a stage", sql: review("$security1", "security"), refused: "AM003" },
  {
    does: "stands in for somebody who never asked",
    sql: review("$stranger", "security", ", on_behalf_of", ", $security2"),
    refused: "AM003",
  },
  { does: "approves a stage before those that it waits for", sql: review("$platform", "platform"), refused: "AM006" },
  {
    does: "reviews another digest",
    sql: review("$security2", "security").replace("$digest", "'other'"),
    refused: "AM002",
  },
  {
    does: "reviews with an old sign-in",
    sql: review("$security2", "security").replace(", 5)", ", 601)"),
    refused: "AM003",
  },
  {
    does: "reviews a decided request",
    sql: `insert into review (id, request_id, stage_id, reviewer_id, verdict, digest, all_tools, conditions, reason, via, sign_in_age_seconds) select 'new', id, (select id from request_stage where request_id = $lowRequest), $security2, 'approve', digest, true, '{}', 'ok', 'session', 5 from request where id = $lowRequest`,
    refused: "AM006",
  },
  { does: "reviews without a reason", sql: review("$security2", "security").replace("'ok'", "' '"), refused: "23514" },
  { does: "changes a review", sql: "update review set verdict = 'approve' where id = $review", refused: "42501" },
  { does: "removes a review", sql: "delete from review where id = $review", refused: "42501" },
  { does: "empties the reviews", sql: "truncate review", refused: "42501" },
  {
    does: "confirms an owner whom the same person named",
    sql: "update ownership set confirmed_by = $requester, confirmed_at = now() where subject_id = $connector and confirmed_at is null; insert into ownership (id, subject_kind, subject_id, owner_kind, owner_id, role, named_by, confirmed_by, confirmed_at) values ('new', 'connector', $connector, 'user', $stranger, 'technical', $requester, $requester, now())",
    refused: "AM005",
  },
  {
    does: "confirms itself as owner",
    sql: "insert into ownership (id, subject_kind, subject_id, owner_kind, owner_id, role, named_by, confirmed_by, confirmed_at) values ('new', 'connector', $connector, 'user', $security2, 'technical', $requester, $security2, now())",
    refused: "AM005",
  },
  {
    does: "calls an owner confirmed without a person",
    sql: "insert into ownership (id, subject_kind, subject_id, owner_kind, owner_id, role, named_by, confirmed_at) values ('new', 'connector', $connector, 'user', $stranger, 'technical', $requester, now())",
    refused: "AM005",
  },
  { does: "changes an audit event", sql: "update audit_event set type = 'x'", refused: "42501" },
  { does: "removes audit events", sql: "delete from audit_event", refused: "42501" },
  { does: "empties the log", sql: "truncate audit_event", refused: "42501" },
  {
    does: "names another transaction's event",
    sql: "insert into audit_event (id, type, time, principal_kind, principal_id, subjects, leaf, txid) values ('evt_x', 'x.y', now(), 'user', 'x', '{}', '\\x7b7d', '1')",
    refused: "42501",
  },
  { does: "turns the guards off", sql: "alter table review disable trigger all", refused: "42501" },
  { does: "acts as a replica", sql: "set session_replication_role = replica", refused: "42501" },
  {
    does: "lowers a tool's effect",
    sql: "update tool set effect = 'read' where connector_id = $connector and name = 'delete_file'",
    refused: "AM005",
  },
  {
    does: "lowers an approved connector's classification",
    sql: "update connector set classification = 'public' where id = $lowConnector",
    refused: "AM005",
  },
];

describe("somebody with the application's database role", () => {
  it.each(attacks)("is refused with $refused who $does", async ({ sql, refused }) => {
    expect(await attack(database.appUrl, sql, ids)).toBe(refused);
  });

  it("is refused whose change no event names", async () => {
    const sql = "update connector set purpose = 'other' where id = $lowConnector";
    const { lowConnector = "" } = ids;
    expect(await attack(database.appUrl, sql.replace("$lowConnector", `'${lowConnector}'`), {})).toBe("AM001");
  });
});
