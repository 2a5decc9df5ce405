import type { Call } from "#lib/core/decision/decide.ts";
import type { GrantRow, SnapshotSource } from "#lib/core/decision/snapshot.ts";
import { covers } from "#lib/core/scope/covers.ts";
import { parseScope } from "#lib/core/scope/parse.ts";

/**
 * Whether a call is permitted, written straight from the rows: every grant is looked at, nothing is indexed. It shares the meaning of
 * one scope with the compiled decision, and nothing else.
 */
export function isPermitted(source: SnapshotSource, call: Call): boolean {
  const agent = source.agents.find((one) => one.id === call.agentId);
  const connector = source.connectors.find((one) => one.slug === call.connectorSlug);
  if (agent?.status !== "active" || connector?.status !== "enabled") return false;
  if (call.keyId !== undefined && !agent.keys.some((key) => key.id === call.keyId && !key.revoked)) return false;
  if (connector.approvalExpiresAt !== null && connector.approvalExpiresAt <= call.now) return false;
  if (connector.agentsAllowed !== null && !connector.agentsAllowed.includes(agent.id)) return false;

  const tool = connector.tools.find((one) => one.kind === call.kind && one.name === call.name);
  if (tool === undefined || !tool.approved || tool.quarantined || tool.removed) return false;
  if (call.action === "invoke" && (call.kind !== "tool" || tool.hold)) return false;
  if (call.action === "read" && (call.kind === "tool" || tool.hold)) return false;

  return source.grants.some(
    (grant) =>
      isHeldBy(grant, agent) &&
      grant.connectorId === connector.id &&
      grant.versionId === connector.versionId &&
      grant.status === "active" &&
      grant.startsAt <= call.now &&
      call.now < grant.expiresAt &&
      coversCall(grant, tool, call) &&
      !(call.action !== "discover" && isRated(grant) && call.exhausted?.has(grant.id)),
  );
}

function isHeldBy(grant: GrantRow, agent: SnapshotSource["agents"][number]): boolean {
  return grant.principalKind === "agent" ? grant.principalId === agent.id : agent.teamIds.includes(grant.principalId);
}

function isRated(grant: GrantRow): boolean {
  const parsed = parseScope(grant.scope);
  return parsed.ok && parsed.scope.rate !== null;
}

function coversCall(grant: GrantRow, tool: Parameters<typeof covers>[1], call: Call): boolean {
  const parsed = parseScope(grant.scope);
  return parsed.ok && covers(parsed.scope, tool, call.action, call.args) === null;
}
