import type { Call } from "#lib/core/decision/decide.ts";
import type { AgentRow, ConnectorRow, GrantRow, SnapshotSource, ToolRow } from "#lib/core/decision/snapshot.ts";

const CONNECTORS = 100;
const TOOLS_PER_CONNECTOR = 20;
const GRANTS_PER_AGENT = 5;
const AGENTS_PER_TEAM = 10;
const GRANTS_PER_TEAM_GRANT = 50;
type Token = { agentId: string; keyId: string };

const NOW = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;
const EFFECTS = ["read", "read", "write", "destructive", "unknown"] as const;

/** Numbers from 0 to 1, the same for the same seed, so that runs compare (xorshift32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** An estate with so many grants: 100 connectors of 20 tools, five grants for each agent, one grant in fifty through a team of ten. */
export function estate(grants: number, random: () => number): SnapshotSource {
  const agents = Math.max(1, Math.ceil(grants / GRANTS_PER_AGENT));
  return {
    epoch: 1,
    policyVersion: "0".repeat(64),
    agents: Array.from({ length: agents }, (_, at) => agent(at)),
    connectors: Array.from({ length: CONNECTORS }, (_, at) => connector(at)),
    grants: Array.from({ length: grants }, (_, at) => grant(at, agents, random)),
  };
}

/**
 * Calls at a gateway: `active` agents, drawn evenly from the whole estate, are at work at one time. Each call is by any of them, in bursts
 * of `burst` calls, as models ask for several tools at once. Mostly on what the agent holds, some on other connectors, on tools out of
 * scope and with bad arguments.
 */
export function traffic(
  { agents, grants }: SnapshotSource,
  { calls, active, burst }: { calls: number; active: number; burst: number },
  random: () => number,
): Call[] {
  const slugs = new Map(Array.from({ length: CONNECTORS }, (_, at) => [id("con", at), `connector-${at}`]));
  const held = Map.groupBy(grants, (one) => one.principalId);
  const atWork = Array.from({ length: active }, () => {
    const agentId = agents[Math.floor(random() * agents.length)]?.id ?? "";
    return JSON.parse(JSON.stringify({ agentId, keyId: agentId.replace("agt", "key") })) as Token;
  });
  const bursts = Array.from({ length: Math.ceil(calls / burst) }, () => atWork[Math.floor(random() * active)]);
  return Array.from({ length: calls }, (_, at) => {
    const token = bursts[Math.floor(at / burst)] ?? { agentId: "", keyId: "" };
    const own = held.get(token.agentId) ?? [];
    const grant = own[Math.floor(random() * own.length)];
    const slug = random() < 0.85 && grant !== undefined ? slugs.get(grant.connectorId) : `connector-${pick(random)}`;
    const isInside = random() < 0.9;
    // names and arguments are each call's own texts, as parsed from a request; the agent's come from its cached token
    const asked = JSON.parse(
      JSON.stringify({
        connectorSlug: slug ?? "",
        name: `tool_${Math.floor(random() * 10)}`,
        args: { path: isInside ? "/data/reports/today.txt" : "/data/../etc/passwd", options: { limit: 20 } },
      }),
    ) as Pick<Call, "connectorSlug" | "name" | "args">;
    return { ...asked, ...token, action: random() < 0.1 ? "discover" : "invoke", kind: "tool", now: NOW };
  });
}

function pick(random: () => number): number {
  return Math.floor(random() * CONNECTORS);
}

function id(prefix: string, at: number): string {
  return `${prefix}_0192f0c1a2b37c4d8e5f${at.toString(16).padStart(12, "0")}`;
}

function agent(at: number): AgentRow {
  return {
    id: id("agt", at),
    status: at % 50 === 49 ? "suspended" : "active",
    teamIds: [id("tea", Math.floor(at / AGENTS_PER_TEAM))],
    keys: [{ id: id("key", at), thumbprint: id("jkt", at), revoked: false }],
  };
}

function connector(at: number): ConnectorRow {
  return {
    id: id("con", at),
    slug: `connector-${at}`,
    status: at % 25 === 24 ? "suspended" : "enabled",
    environment: "production",
    versionId: id("ver", at),
    versionDigest: "0".repeat(64),
    tier: "medium",
    tools: Array.from({ length: TOOLS_PER_CONNECTOR }, (_, tool) => toolRow(at, tool)),
    agentsAllowed: null,
    approvalExpiresAt: NOW + 90 * DAY_MS,
  };
}

function toolRow(connectorAt: number, at: number): ToolRow {
  return {
    toolId: id("tol", connectorAt * TOOLS_PER_CONNECTOR + at),
    kind: "tool",
    name: `tool_${at}`,
    definitionDigest: "0".repeat(64),
    definition: `{"name":"tool_${at}","inputSchema":{"type":"object"}}`,
    effect: EFFECTS[at % EFFECTS.length] ?? "unknown",
    approved: at !== 9,
    hold: at === 8,
    quarantined: at === 7,
    removed: false,
  };
}

/** Kinds of grants come in turn, so that an estate of ten has the same mix as one of a hundred thousand. */
function grant(at: number, agents: number, random: () => number): GrantRow {
  const ofTeam = at % GRANTS_PER_TEAM_GRANT === GRANTS_PER_TEAM_GRANT - 1;
  const connectorAt = pick(random);
  return {
    id: id("grt", at),
    principalKind: ofTeam ? "team" : "agent",
    principalId: ofTeam
      ? id("tea", Math.floor(random() * Math.ceil(agents / AGENTS_PER_TEAM)))
      : id("agt", at % agents),
    connectorId: id("con", connectorAt),
    versionId: id("ver", connectorAt),
    scope: {
      tools:
        at % 2 === 0
          ? { names: Array.from({ length: 8 }, (_, tool) => `tool_${tool}`) }
          : { effects: ["read", "write"] },
      actions: ["discover", "invoke"],
      constraints: at % 4 < 2 ? [{ pointer: "/path", rule: { op: "prefix", value: "/data/" } }] : [],
      rate: at % 10 < 3 ? { calls: 100, perSeconds: 60 } : null,
    },
    startsAt: NOW - DAY_MS,
    expiresAt: NOW + (at % 20 === 15 ? -DAY_MS : 30 * DAY_MS),
    status: at % 20 === 5 ? "revoked" : "active",
  };
}
