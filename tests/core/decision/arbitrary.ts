import fc from "fast-check";
import type { Call } from "#lib/core/decision/decide.ts";
import type { AgentRow, ConnectorRow, GrantRow, SnapshotSource, ToolRow } from "#lib/core/decision/snapshot.ts";
import { anyArgs, anyScope, TOOL_NAMES } from "#tests/core/scope/arbitrary.ts";

const AGENT_IDS = ["agt_1", "agt_2", "agt_3"] as const;
/** One team bears an agent's id: the kind of a principal must count, not only its id. */
export const TEAM_IDS = ["tea_1", "agt_3"] as const;
export const CONNECTOR_IDS = ["con_1", "con_2"] as const;
const KINDS = ["tool", "tool", "tool", "tool", "tool", "tool", "resource", "prompt"] as const;
const times = fc.integer({ min: 0, max: 6 });
/** Mostly the one, sometimes the others, so that permits are not rare. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

export const anyAgent = (id: string): fc.Arbitrary<AgentRow> =>
  fc.record({
    id: fc.constant(id),
    status: mostly<AgentRow["status"]>("active", "suspended", "retired"),
    teamIds: fc.array(fc.constantFrom(...TEAM_IDS), { maxLength: 3 }),
    keys: fc
      .record({ revoked: mostly(false, true) })
      .map(({ revoked }) => [{ id: `key_${id}`, thumbprint: "t", revoked }]),
  });

const anyTool: fc.Arbitrary<ToolRow> = fc.record({
  toolId: fc.constant("tol_1"),
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom(...TOOL_NAMES),
  definitionDigest: fc.constant("d"),
  definition: fc.constant("{}"),
  effect: fc.constantFrom("read", "write", "destructive", "unknown"),
  approved: mostly(true, false),
  hold: mostly(false, true),
  quarantined: mostly(false, true),
  removed: mostly(false, true),
});

export const anyConnector = (id: string): fc.Arbitrary<ConnectorRow> =>
  fc.record({
    id: fc.constant(id),
    slug: fc.constant(`slug-${id}`),
    status: mostly<ConnectorRow["status"]>("enabled", "requested", "approved", "suspended", "quarantined", "retired"),
    environment: fc.constant("test"),
    versionId: mostly("ver_1", "ver_2"),
    versionDigest: fc.constant("d"),
    tier: fc.constant("low" as const),
    tools: fc.uniqueArray(anyTool, { selector: (tool) => `${tool.kind} ${tool.name}`, minLength: 5, maxLength: 8 }),
    agentsAllowed: mostly<string[] | null>(null, ["agt_1"], []),
    approvalExpiresAt: mostly<number | null>(null, 3),
  });

export const anyGrant: fc.Arbitrary<GrantRow> = fc
  .record({
    id: fc.integer({ min: 1, max: 1_000_000 }).map((at) => `grt_${at}`),
    holder: fc.oneof(
      fc.constantFrom(...AGENT_IDS).map((principalId) => ({ principalKind: "agent" as const, principalId })),
      fc.constantFrom(...TEAM_IDS).map((principalId) => ({ principalKind: "team" as const, principalId })),
    ),
    connectorId: fc.constantFrom(...CONNECTOR_IDS),
    versionId: mostly("ver_1", "ver_2"),
    scope: fc.oneof(
      { weight: 9, arbitrary: anyScope },
      { weight: 1, arbitrary: fc.constant<unknown>({ tools: "all" }) },
    ),
    startsAt: mostly(0, 2, 4),
    expiresAt: mostly(6, 3, 1),
    status: mostly<GrantRow["status"]>("active", "pending", "expired", "revoked"),
  })
  .map(({ holder, ...rest }) => ({ ...rest, ...holder }));

export const anyGrants = fc.uniqueArray(anyGrant, { selector: (grant) => grant.id, minLength: 4, maxLength: 24 });

export const anySource: fc.Arbitrary<SnapshotSource> = fc.record({
  epoch: fc.nat(),
  policyVersion: fc.constant("p"),
  agents: fc.tuple(...AGENT_IDS.slice(0, 2).map(anyAgent), anyAgent("agt_3")),
  connectors: fc.tuple(...CONNECTOR_IDS.map(anyConnector)),
  grants: anyGrants,
});

export const anyCall: fc.Arbitrary<Call> = fc.record(
  {
    agentId: mostly<string>("agt_1", "agt_2", "agt_3", "agt_9", "tea_1"),
    connectorSlug: mostly("slug-con_1", "slug-con_2", "slug-con_9", "__proto__"),
    action: mostly<Call["action"]>("invoke", "discover", "read"),
    kind: fc.constantFrom(...KINDS),
    name: mostly<string>("alpha", ...TOOL_NAMES, "unknown"),
    args: anyArgs,
    now: times,
    keyId: mostly("key_agt_1", "key_agt_2", "key_9"),
  },
  { requiredKeys: ["agentId", "connectorSlug", "action", "kind", "name", "now"] },
);
