import { type Call, type Decision, decide, refuseAgent } from "#lib/core/decision/decide.ts";
import { REASONS, type ReasonCode } from "#lib/core/decision/reasons.ts";
import type { CompiledConnector, CompiledTool, Snapshot } from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";

/**
 * What stands in an agent's list of one kind, in order of name: exactly what `decide` permits it to discover. Using any other entry
 * is denied; using a listed one is denied, if at all, for its action, arguments, rate or a missing release (`isListed`).
 */
export function discoverable(
  snapshot: Snapshot,
  asking: Pick<Call, "agentId" | "connectorSlug" | "kind" | "now" | "keyId">,
): CompiledTool[] {
  const connector = snapshot.connectors.get(asking.connectorSlug);
  if (connector === undefined) return [];
  return [...connector.tools[asking.kind].values()].filter(
    (tool) => decide(snapshot, { ...asking, action: "discover", name: tool.name }).effect === "permit",
  );
}

/** Why an agent may not open its whole estate; null when it may: it is active, its key holds, and it holds some grant. */
export function refuseEstate(snapshot: Snapshot, agentId: string, keyId: string): ReasonCode | null {
  const agent = snapshot.agents.get(agentId);
  if (agent === undefined) return "unknown_agent";
  return refuseAgent(agent, keyId) ?? (agent.grants.size === 0 ? "no_grant" : null);
}

/** Slugs of the connectors that an agent holds any grant on, in force or not, in order. */
export function openConnectors(snapshot: Snapshot, agentId: string): string[] {
  const grants = snapshot.agents.get(agentId)?.grants;
  if (grants === undefined || grants.size === 0) return [];
  const slugs: string[] = [];
  for (const { id, slug } of snapshot.connectors.values()) if (grants.has(id)) slugs.push(slug);
  return slugs.sort();
}

/**
 * One line of the access map. `decision` is that of a use without arguments: `argument_out_of_scope` reads as "within constraints",
 * `approval_required` as "when released", `action_not_granted` as "may see it only".
 */
export type Access = { agentId: string; connector: CompiledConnector; tool: CompiledTool; decision: Decision };

/** Every agent that has some access to one tool, resource or prompt, and through which grant. */
export function whoCan(
  snapshot: Snapshot,
  target: { connectorSlug: string; kind: CapabilityKind; name: string },
  now: number,
): Access[] {
  const connector = snapshot.connectors.get(target.connectorSlug);
  const tool = connector?.tools[target.kind].get(target.name);
  if (connector === undefined || tool === undefined) return [];
  return [...snapshot.agents.keys()].flatMap((agentId) => accessOf(snapshot, agentId, connector, tool, now));
}

/** Everything that one agent has some access to, by connector, kind and name. */
export function reach(snapshot: Snapshot, agentId: string, now: number): Access[] {
  return [...snapshot.connectors.values()].flatMap((connector) =>
    Object.values(connector.tools).flatMap((tools) =>
      [...tools.values()].flatMap((tool) => accessOf(snapshot, agentId, connector, tool, now)),
    ),
  );
}

function accessOf(
  snapshot: Snapshot,
  agentId: string,
  connector: CompiledConnector,
  tool: CompiledTool,
  now: number,
): Access[] {
  const decision = decide(snapshot, {
    agentId,
    connectorSlug: connector.slug,
    action: tool.kind === "tool" ? "invoke" : "read",
    kind: tool.kind,
    name: tool.name,
    now,
  });
  return REASONS[decision.reason].isListed ? [{ agentId, connector, tool, decision }] : [];
}
