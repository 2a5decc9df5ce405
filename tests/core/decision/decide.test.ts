import { expect, test } from "vitest";
import { compile } from "#lib/core/decision/compile.ts";
import { type Call, decide } from "#lib/core/decision/decide.ts";
import { answerFor, REASONS } from "#lib/core/decision/reasons.ts";
import type { AgentRow, ConnectorRow, GrantRow, SnapshotSource, ToolRow } from "#lib/core/decision/snapshot.ts";

const tool: ToolRow = {
  toolId: "tol_1",
  kind: "tool",
  name: "read_file",
  definitionDigest: "d1",
  definition: '{"name":"read_file"}',
  effect: "read",
  approved: true,
  hold: false,
  quarantined: false,
  removed: false,
};
const agent: AgentRow = {
  id: "agt_1",
  status: "active",
  teamIds: [],
  keys: [{ id: "key_1", thumbprint: "t", revoked: false }],
};
const connector: ConnectorRow = {
  id: "con_1",
  slug: "files",
  status: "enabled",
  environment: "test",
  versionId: "ver_1",
  versionDigest: "d",
  tier: "low",
  tools: [tool, { ...tool, toolId: "tol_2", name: "write_file", effect: "write" }],
  agentsAllowed: null,
  approvalExpiresAt: null,
};
const scope = {
  tools: { names: ["read_file"] },
  actions: ["invoke"],
  constraints: [{ pointer: "/path", rule: { op: "prefix", value: "/data/" } }],
  rate: { calls: 2, perSeconds: 60 },
};
const grant: GrantRow = {
  id: "grt_1",
  principalKind: "agent",
  principalId: "agt_1",
  connectorId: "con_1",
  versionId: "ver_1",
  scope,
  startsAt: 100,
  expiresAt: 200,
  status: "active",
};
const call: Call = {
  agentId: "agt_1",
  connectorSlug: "files",
  action: "invoke",
  kind: "tool",
  name: "read_file",
  args: { path: "/data/x" },
  now: 150,
  keyId: "key_1",
};

type Change = {
  agent?: Partial<AgentRow>;
  connector?: Partial<ConnectorRow>;
  tool?: Partial<ToolRow>;
  grant?: Partial<GrantRow>;
  scope?: object;
  call?: Partial<Call>;
};

function source(change: Change = {}): SnapshotSource {
  const tools = connector.tools.map((one) => (one.toolId === "tol_1" ? { ...one, ...change.tool } : one));
  return {
    epoch: 1,
    policyVersion: "p",
    agents: [{ ...agent, ...change.agent }],
    connectors: [{ ...connector, tools, ...change.connector }],
    grants: [{ ...grant, scope: { ...scope, ...change.scope }, ...change.grant }],
  };
}

function decision(change: Change = {}) {
  return decide(compile(source(change)), { ...call, ...change.call });
}

test("a call inside its grant is permitted, with the rate to count and the tool that was meant", () => {
  expect(decision()).toMatchObject({
    effect: "permit",
    reason: "permitted",
    grantId: "grt_1",
    rate: { calls: 2, perSeconds: 60 },
    connector: { id: "con_1" },
    tool: {
      id: "tol_1",
      reference:
        '{"connectorId":"con_1","definitionDigest":"d1","effect":"read","kind":"tool","name":"read_file","toolId":"tol_1","versionId":"ver_1"}',
    },
  });
});

test.each<[string, Change]>([
  ["unknown_agent", { call: { agentId: "agt_9" } }],
  ["agent_suspended", { agent: { status: "suspended" } }],
  ["agent_retired", { agent: { status: "retired" } }],
  ["key_revoked", { agent: { keys: [{ id: "key_1", thumbprint: "t", revoked: true }] } }],
  ["key_revoked", { call: { keyId: "key_9" } }],
  ["no_grant", { grant: { principalId: "agt_2" } }],
  ["no_grant", { grant: { principalKind: "team" } }],
  ["no_grant", { call: { connectorSlug: "other" } }],
  ["no_grant", { call: { connectorSlug: "__proto__" } }],
  ["no_grant", { call: { name: "no_such_tool" } }],
  ["no_grant", { call: { name: "write_file" } }],
  ["no_grant", { call: { name: "Read_file" } }],
  ["no_grant", { call: { name: "constructor" } }],
  ["no_grant", { call: { action: "read" } }],
  ["no_grant", { call: { kind: "resource", action: "read" } }],
  ["no_grant", { call: { name: null } }],
  ["no_grant", { grant: { scope: { tools: "all" } } }],
  ["no_grant", { connector: { status: "suspended" }, grant: { principalId: "agt_2" } }],
  ["effect_not_granted", { scope: { tools: { effects: ["write"] } } }],
  ["effect_not_granted", { scope: { tools: { effects: ["read", "write"] } }, tool: { effect: "unknown" } }],
  ["connector_suspended", { connector: { status: "suspended" } }],
  ["connector_suspended", { connector: { status: "retired" } }],
  ["connector_suspended", { connector: { status: "approved" } }],
  ["connector_quarantined", { connector: { status: "quarantined" } }],
  ["approval_expired", { connector: { approvalExpiresAt: 150 } }],
  ["tool_quarantined", { tool: { quarantined: true } }],
  ["tool_removed", { tool: { removed: true } }],
  ["tool_not_approved", { tool: { approved: false } }],
  ["agent_not_allowed", { connector: { agentsAllowed: ["agt_2"] } }],
  ["agent_not_allowed", { connector: { agentsAllowed: [] } }],
  ["version_superseded", { connector: { versionId: "ver_2" } }],
  ["grant_revoked", { grant: { status: "revoked" } }],
  ["grant_expired", { grant: { status: "expired" } }],
  ["grant_expired", { call: { now: 200 } }],
  ["grant_not_started", { call: { now: 99 } }],
  ["grant_not_started", { call: { now: Number.NaN } }],
  ["grant_not_started", { grant: { status: "pending" } }],
  ["action_not_granted", { scope: { actions: ["discover"] } }],
  ["argument_out_of_scope", { call: { args: { path: "/etc/passwd" } } }],
  ["argument_out_of_scope", { call: { args: undefined } }],
  ["rate_limited", { call: { exhausted: new Set(["grt_1"]) } }],
  ["approval_required", { tool: { hold: true } }],
  ["approval_required", { tool: { hold: true }, call: { exhausted: new Set(["grt_1"]) } }],
  ["argument_out_of_scope", { tool: { hold: true }, call: { args: {} } }],
])("the call is denied: %s", (reason, change) => {
  expect(decision(change)).toMatchObject({ effect: "deny", reason, rate: null });
});

test("a grant holds from its start to the last millisecond before its expiry", () => {
  expect([99, 100, 199, 200].map((now) => decision({ call: { now } }).effect)).toEqual([
    "deny",
    "permit",
    "permit",
    "deny",
  ]);
});

test("the argument that is out of scope is named", () => {
  expect(decision({ call: { args: { path: "/data/../etc" } } })).toMatchObject({ pointer: "/path", grantId: "grt_1" });
});

test("a team's grant reaches its members and ends with the membership", () => {
  const change: Change = { grant: { principalKind: "team", principalId: "tea_1" } };
  expect(decision({ ...change, agent: { teamIds: ["tea_1"] } }).effect).toBe("permit");
  expect(decision({ ...change, agent: { teamIds: ["tea_2"] } }).reason).toBe("no_grant");
});

test("a grant without a rate goes before one with a rate, and spent ones are passed over", () => {
  const free = { ...grant, id: "grt_free", scope: { ...scope, rate: null } };
  const second = { ...grant, id: "grt_2" };
  const { grants, ...rest } = source();
  expect(decide(compile({ ...rest, grants: [...grants, free] }), call)).toMatchObject({
    grantId: "grt_free",
    rate: null,
  });
  const both = compile({ ...rest, grants: [...grants, second] });
  expect(decide(both, call).grantId).toBe("grt_1");
  expect(decide(both, { ...call, exhausted: new Set(["grt_1"]) }).grantId).toBe("grt_2");
  expect(decide(both, { ...call, exhausted: new Set(["grt_1", "grt_2"]) }).reason).toBe("rate_limited");
});

test("opening a connector needs a live grant on it, whatever the tool", () => {
  const open = { action: "discover", name: null } as const;
  expect(decision({ call: open }).effect).toBe("permit");
  expect(decision({ call: { ...open, connectorSlug: "other" } }).reason).toBe("no_grant");
  expect(decision({ call: open, grant: { principalId: "agt_2" } }).reason).toBe("no_grant");
  expect(decision({ call: { ...open, now: 200 } }).reason).toBe("grant_expired");
  expect(decision({ call: open, connector: { status: "suspended" } }).reason).toBe("connector_suspended");
});

test("an agent cannot tell a tool it may not use from one that does not exist", () => {
  const told = [
    decision({ call: { connectorSlug: "no-such-connector" } }),
    decision({ grant: { principalId: "agt_2" } }),
    decision({ grant: { principalId: "agt_2" }, connector: { status: "quarantined" } }),
    decision({ call: { name: "no_such_tool" } }),
    decision({ scope: { tools: { effects: ["write"] } } }),
  ].map(({ reason }) => answerFor(reason));
  expect(new Set(told.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test("every reason says what it means and what to do, with a code outside of the reserved range", () => {
  for (const [code, reason] of Object.entries(REASONS)) {
    expect(reason.sentence, code).toMatch(/\.$/);
    expect(reason.whatToDo, code).toMatch(/\.$/);
    expect(reason.rpc >= 0 || code === "no_grant", code).toBe(true);
  }
});
