import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { type Attack, attack } from "#tests/domain/attacks/attack.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf, approve, enabledConnector, readingTool, refusal, submitted } from "#tests/support/requests.ts";

const database = await openTestDatabase();
const ids: Record<string, string> = {};

beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  for (const name of ["requester", "owner", "administrator", "stranger"] as const) ids[name] = idOf(name);
  ids.administrator2 = idOf("administrator-2");
  ids.agent = await agentOf("other-owner", "helped");
  ids.other = await agentOf("stranger", "other");
  const { connectorId, request: first } = await enabledConnector(
    "low.example",
    [readingTool("get_page"), readingTool("get_file")],
    { tools: ["get_page"], durationDays: 30 },
  );
  const request = await submitted("requester", "grant", {
    connectorId,
    principalKind: "agent",
    principalId: ids.agent,
    scope: {
      tools: { names: ["get_page"] },
      actions: ["discover", "invoke"],
      constraints: [{ pointer: "/id", rule: { op: "equals", value: "1" } }],
      rate: null,
    },
    durationDays: 10,
    purpose: "It is needed",
  });
  await approve("owner", request, "owner");
  const approval = await prisma().approval.findUniqueOrThrow({ where: { requestId: request.id } });
  const grant = await prisma().grant.findFirstOrThrow({ where: { requestId: request.id } });
  const version = await prisma().approval.findUniqueOrThrow({ where: { requestId: first.id } });
  Object.assign(ids, {
    connector: connectorId,
    request: request.id,
    approval: approval.id,
    version: approval.versionId,
    grant: grant.id,
    firstRequest: first.id,
    firstApproval: version.id,
  });
  const change = await act("administrator", "roles.assign", {
    personId: idOf("stranger"),
    role: "security_reviewer",
    reason: "More reviewers",
  });
  ids.change = change.changeId;
  const team = await act("administrator", "teams.create", { name: "Agents", kind: "business" });
  ids.team = team.id;
});

const asked =
  '{"tools":{"names":["get_page"]},"actions":["discover","invoke"],"constraints":[{"pointer":"/id","rule":{"op":"equals","value":"1"}}],"rate":null}';
const grant = (change: Partial<Record<"request" | "approval" | "agent" | "scope" | "days" | "kind", string>> = {}) =>
  `insert into scope_grant (id, request_id, approval_id, principal_kind, principal_id, connector_id, version_id, scope, starts_at, expires_at, status)
   values ('new', ${change.request ?? "$request"}, ${change.approval ?? "$approval"}, '${change.kind ?? "agent"}', ${change.agent ?? "$agent"}, $connector,
     $version, '${change.scope ?? asked}', now(), now() + interval '${change.days ?? "5"} days', 'active')`;
const decide = (who: string) =>
  `insert into change_decision (id, change_id, verdict, decided_by, reason) values ('new', $change, 'confirm', ${who}, 'ok')`;
const role = (source: string, change = "null") =>
  `insert into role_assignment (id, user_id, role, source, change_id) values ('new', $stranger, 'security_reviewer', '${source}', ${change})`;

const attacks: Attack[] = [
  { does: "grants without any request", sql: grant({ request: "'none'", approval: "'none'" }), refused: "AM007" },
  { does: "grants to another agent than was approved", sql: grant({ agent: "$other" }), refused: "AM007" },
  {
    does: "grants to an agent whom a connector's request did not name",
    sql: grant({ request: "$firstRequest", approval: "$firstApproval" }),
    refused: "AM007",
  },
  { does: "grants to a team in place of an agent", sql: grant({ kind: "team" }), refused: "AM007" },
  { does: "grants for longer than was asked for", sql: grant({ days: "11" }), refused: "AM007" },
  { does: "grants for longer than its tier", sql: grant({ days: "400" }), refused: "AM007" },
  { does: "grants another tool", sql: grant({ scope: asked.replace("get_page", "get_file") }), refused: "AM007" },
  {
    does: "grants by effect what was approved by name",
    sql: grant({ scope: asked.replace('"names":["get_page"]', '"effects":["read"]') }),
    refused: "AM007",
  },
  {
    does: "grants without the constraint",
    sql: grant({ scope: asked.replace(/"constraints":\[.*\],/, '"constraints":[],') }),
    refused: "AM007",
  },
  {
    does: "widens a grant",
    sql: `update scope_grant set scope = '${asked.replace("get_page", "get_file")}' where id = $grant`,
    refused: "AM004",
  },
  {
    does: "prolongs a grant",
    sql: "update scope_grant set expires_at = now() + interval '300 days' where id = $grant",
    refused: "AM004",
  },
  {
    does: "revives a revoked grant",
    sql: "update scope_grant set status = 'revoked' where id = $grant; update scope_grant set status = 'active' where id = $grant",
    refused: "AM006",
  },
  { does: "removes a grant", sql: "delete from scope_grant where id = $grant", refused: "42501" },
  {
    does: "prolongs an approval",
    sql: "update approval set expires_at = now() + interval '300 days' where id = $approval",
    refused: "AM004",
  },
  {
    does: "adds a tool to an approval",
    sql: "update approval set tools = '{get_page,get_file}' where id = $firstApproval",
    refused: "AM004",
  },
  {
    does: "ends a quarantine by the approval of a grant",
    sql: "insert into quarantine_release (id, quarantine_id, approval_id) values ('new', 'none', $approval)",
    refused: "AM002",
  },
  {
    does: "resumes a suspended connector alone",
    sql: "update connector set status = 'suspended' where id = $connector; update connector set status = 'enabled' where id = $connector",
    refused: "AM005",
  },
  { does: "gives a role without a change", sql: role("change"), refused: "AM005" },
  { does: "gives a role as if seeded", sql: role("demo"), refused: "AM005" },
  { does: "gives a role as if set up", sql: role("setup"), refused: "AM005" },
  { does: "gives a role by a change that nobody confirmed", sql: role("change", "$change"), refused: "AM005" },
  { does: "confirms a change as its proposer", sql: decide("$administrator"), refused: "AM005" },
  { does: "confirms a change as who gains by it", sql: decide("$stranger"), refused: "AM005" },
  { does: "confirms a change without a role", sql: decide("$owner"), refused: "AM005" },
  {
    does: "gives another role than was confirmed",
    sql: `${decide("$administrator2")}; ${role("change", "$change").replace("security_reviewer", "administrator")}`,
    refused: "AM005",
  },
  {
    does: "gives the confirmed role to somebody else",
    sql: `${decide("$administrator2")}; ${role("change", "$change").replace("$stranger", "$owner")}`,
    refused: "AM005",
  },
  {
    does: "adds a key to an agent alone",
    sql: `insert into agent_key (id, agent_id, thumbprint, public_jwk, algorithm, source, added_by) values ('new', $agent, 't', '{}', 'EdDSA', 'change', $owner)`,
    refused: "AM005",
  },
  {
    does: "adds an agent to a team alone",
    sql: "insert into team_member (id, team_id, member_kind, member_id, source) values ('new', $team, 'agent', $agent, 'change')",
    refused: "AM005",
  },
  {
    does: "opens the way to an internal host alone",
    sql: "insert into egress_allow (id, host, port, reason, source, expires_at) values ('new', '127.0.0.1', 1, 'r', 'change', now() + interval '1 day')",
    refused: "AM005",
  },
  {
    does: "weakens the tiers alone",
    sql: "insert into tier_config (version, settings, source) select 2, settings, 'change' from tier_config where version = 1",
    refused: "AM005",
  },
  { does: "changes the tiers in force", sql: "update tier_config set settings = '{}'", refused: "42501" },
  {
    does: "names a delegate alone",
    sql: "insert into delegate (id, user_id, delegate_id, starts_at, ends_at, change_id) values ('new', $owner, $stranger, now(), now() + interval '1 day', 'none')",
    refused: "AM005",
  },
  {
    does: "gives one person another's id, and so their roles",
    sql: "update app_user set id = 'tmp' where id = $administrator",
    refused: "AM004",
  },
  { does: "gives one agent another's id", sql: "update agent set id = 'tmp' where id = $agent", refused: "AM004" },
  {
    does: "leads an agent out of its stop over a state of its own",
    sql: "update agent set status = 'paused' where id = $agent",
    refused: "23514",
  },
  {
    does: "puts an entry into the log",
    sql: "insert into log_entry (leaf_index, event_id, event_seq, leaf_hash) select 5000000, id, seq, sha256(leaf) from audit_event limit 1",
    refused: "42501",
  },
  { does: "changes a proposed change", sql: "update change set input = '{}' where id = $change", refused: "42501" },
];

describe("somebody with the application's database role", () => {
  it.each(attacks)("is refused with $refused who $does", async ({ sql, refused }) => {
    expect(await attack(database.appUrl, sql, ids)).toBe(refused);
  });

  it("cannot issue exactly the grant that was approved either, once it was given; the others were refused for what they changed", async () => {
    expect(await attack(database.appUrl, grant(), ids)).toBe("AM008");
  });

  it("gets no connector enabled through the operations either before its review", async () => {
    expect((await refusal(act("stranger", "connectors.enable", { connectorId: "none" }))).code).toBe("not_found");
  });
});
