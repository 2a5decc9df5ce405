import { compileConnector } from "#lib/core/decision/compile-connector.ts";
import type {
  AgentRow,
  CompiledAgent,
  CompiledGrant,
  GrantRow,
  Snapshot,
  SnapshotPatch,
  SnapshotSource,
} from "#lib/core/decision/snapshot.ts";
import { parseScope } from "#lib/core/scope/parse.ts";
import type { Scope } from "#lib/core/scope/scope.ts";

/** Builds the snapshot that decisions read, from everything. */
export function compile({ epoch, policyVersion, agents, connectors, grants }: SnapshotSource): Snapshot {
  return recompile(empty, {
    epoch,
    policyVersion,
    agents: { ids: [], rows: agents },
    connectors: { ids: [], rows: connectors },
    grants: { principalIds: [], connectorIds: [], rows: grants },
  });
}

/**
 * Builds the next snapshot from the last one and what changed. Untouched agents, connectors and grants are shared, not copied;
 * the last snapshot stays valid and unchanged.
 */
export function recompile(snapshot: Snapshot, patch: SnapshotPatch): Snapshot {
  const connectors =
    patch.connectors === undefined ? snapshot.connectors : replaceConnectors(snapshot.connectors, patch.connectors);
  const touched = new Set<string>();
  const grants =
    patch.grants === undefined ? snapshot.grants : replaceGrants(snapshot.grants, patch.grants, connectors, touched);
  return {
    epoch: patch.epoch,
    policyVersion: patch.policyVersion,
    agents: replaceAgents(snapshot.agents, patch.agents ?? { ids: [], rows: [] }, grants, touched),
    connectors,
    grants,
  };
}

const empty: Snapshot = {
  epoch: 0,
  policyVersion: "",
  agents: new Map(),
  connectors: new Map(),
  grants: { agent: new Map(), team: new Map() },
};

type Patch<K extends "agents" | "connectors" | "grants"> = NonNullable<SnapshotPatch[K]>;
type HeldGrants = ReadonlyMap<string, readonly CompiledGrant[]>;

/** @param touched ids of the principals whose grants changed: those agents, and the members of those teams, are linked anew */
function replaceAgents(
  current: Snapshot["agents"],
  { ids, rows }: Patch<"agents">,
  grants: Snapshot["grants"],
  touched: ReadonlySet<string>,
): Snapshot["agents"] {
  if (ids.length === 0 && rows.length === 0 && touched.size === 0) return current;
  const next = new Map(current);
  for (const id of ids) next.delete(id);
  if (touched.size > 0) {
    for (const agent of next.values()) {
      if (!touched.has(agent.id) && !agent.teamIds.some((id) => touched.has(id))) continue;
      next.set(agent.id, { ...agent, grants: linkGrants(agent, grants) });
    }
  }
  for (const row of rows) next.set(row.id, compileAgent(row, grants));
  return next;
}

function replaceConnectors(
  current: Snapshot["connectors"],
  { ids, rows }: Patch<"connectors">,
): Snapshot["connectors"] {
  const replaced = new Set([...ids, ...rows.map((row) => row.id)]);
  const next = new Map([...current].filter(([, connector]) => !replaced.has(connector.id)));
  for (const row of rows) next.set(row.slug, compileConnector(row));
  return next;
}

/** @param touched receives the ids of the principals whose grants changed */
function replaceGrants(
  current: Snapshot["grants"],
  { principalIds, connectorIds, rows }: Patch<"grants">,
  connectors: Snapshot["connectors"],
  touched: Set<string>,
): Snapshot["grants"] {
  const next = { agent: new Map(current.agent), team: new Map(current.team) };
  const stale = new Set(connectorIds);
  for (const held of [next.agent, next.team]) {
    for (const id of principalIds) if (held.delete(id)) touched.add(id);
    for (const [principalId, grants] of stale.size > 0 ? held : []) {
      const kept = grants.filter((grant) => !stale.has(grant.connectorId));
      if (kept.length === grants.length) continue;
      touched.add(principalId);
      if (kept.length > 0) held.set(principalId, kept);
      else held.delete(principalId);
    }
  }
  const compileGrant = grantCompiler(connectors);
  for (const kind of ["agent", "team"] as const) {
    const added = Map.groupBy(
      rows.filter((row) => row.principalKind === kind),
      (row) => row.principalId,
    );
    for (const [principalId, own] of added) {
      touched.add(principalId);
      next[kind].set(principalId, [...(next[kind].get(principalId) ?? []), ...own.map(compileGrant)]);
    }
  }
  return next;
}

const nothing: Scope = { tools: { names: [] }, actions: [], constraints: [], rate: null };

/**
 * Compiles grants so that equal scopes are one object and ids of connectors and versions are the connectors' own texts:
 * a large snapshot is read at the speed of the processor's caches, and most grants on a connector are alike.
 */
function grantCompiler(connectors: Snapshot["connectors"]): (row: GrantRow) => CompiledGrant {
  const texts = new Map<string, string>();
  for (const { id, versionId } of connectors.values()) texts.set(id, id).set(versionId, versionId);
  // by the stored value itself, which rows share, and by its text
  const scopes = new Map<unknown, Scope>();
  function scopeOf(stored: unknown): Scope {
    const known = scopes.get(stored);
    if (known !== undefined) return known;
    const text = JSON.stringify(stored) ?? "";
    let scope = scopes.get(text);
    if (scope === undefined) {
      const parsed = parseScope(stored);
      scope = parsed.ok ? parsed.scope : nothing;
    }
    scopes.set(text, scope).set(stored, scope);
    return scope;
  }
  return (row) => {
    const scope = scopeOf(row.scope);
    const { id, principalKind, principalId, startsAt, expiresAt, status } = row;
    const connectorId = texts.get(row.connectorId) ?? row.connectorId;
    const versionId = texts.get(row.versionId) ?? row.versionId;
    return { scope, versionId, status, startsAt, expiresAt, id, connectorId, principalKind, principalId };
  };
}

function compileAgent({ id, status, teamIds, keys }: AgentRow, grants: Snapshot["grants"]): CompiledAgent {
  const membership = { id, teamIds: [...new Set(teamIds)] };
  return {
    ...membership,
    refusal: status === "active" ? null : status === "suspended" ? "agent_suspended" : "agent_retired",
    keyIds: keys.filter((key) => !key.revoked).map((key) => key.id),
    grants: linkGrants(membership, grants),
  };
}

function linkGrants({ id, teamIds }: Pick<CompiledAgent, "id" | "teamIds">, grants: Snapshot["grants"]): HeldGrants {
  const byConnector = new Map<string, CompiledGrant[]>();
  const held = [grants.agent.get(id), ...teamIds.map((teamId) => grants.team.get(teamId))];
  for (const grant of held.flatMap((list) => list ?? [])) {
    const list = byConnector.get(grant.connectorId);
    if (list === undefined) byConnector.set(grant.connectorId, [grant]);
    else list.push(grant);
  }
  for (const list of byConnector.values()) if (list.length > 1) list.sort(byPreference);
  return byConnector;
}

function byPreference(a: CompiledGrant, b: CompiledGrant): number {
  return (
    Number(a.scope.rate !== null) - Number(b.scope.rate !== null) ||
    b.expiresAt - a.expiresAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
