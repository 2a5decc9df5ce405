import type { ReasonCode } from "#lib/core/decision/reasons.ts";
import type {
  CompiledAgent,
  CompiledConnector,
  CompiledGrant,
  CompiledTool,
  Snapshot,
} from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import { failingConstraint, permitsAction, selects } from "#lib/core/scope/covers.ts";
import type { Rate } from "#lib/core/scope/scope.ts";

/**
 * One attempt. `invoke` is for tools, `read` for resources and prompts, `discover` for seeing any of them in a list;
 * `discover` with the name null asks whether the agent may open the connector at all.
 */
export type Call = {
  readonly agentId: string;
  readonly connectorSlug: string;
  readonly action: "discover" | "invoke" | "read";
  readonly kind: CapabilityKind;
  readonly name: string | null;
  /** As parsed from JSON; duplicate member names must have been refused before. */
  readonly args?: unknown;
  /** Milliseconds, by the database's clock. */
  readonly now: number;
  /** The key behind the agent's token; left out only where no token is involved (previews, simulation). */
  readonly keyId?: string;
  /** Grants whose rate is used up. The enforcer starts without, and asks again with the grant of the last answer added. */
  readonly exhausted?: ReadonlySet<string>;
};

/** The answer to one call. Only `effect: "permit"` lets it through; a hold is denied until holds exist. */
export type Decision = {
  readonly effect: "permit" | "deny";
  readonly reason: ReasonCode;
  /** The grant that permits or, for a denial, the one that came closest; null where none was considered. */
  readonly grantId: string | null;
  /** What was meant, as far as it exists, for the record; a denied agent must not learn it. */
  readonly connector: CompiledConnector | null;
  readonly tool: CompiledTool | null;
  /** The argument that is out of scope, as a JSON Pointer. */
  readonly pointer: string | null;
  /** The rate to count this call against, under `grantId`, before it is forwarded. */
  readonly rate: Rate | null;
};

/** What one grant says about a call. */
export type GrantTrace = {
  readonly grant: CompiledGrant;
  readonly reason: ReasonCode;
  readonly pointer: string | null;
};

/** A decision with every grant that was considered. */
export type Explanation = { readonly decision: Decision; readonly grants: readonly GrantTrace[] };

/**
 * The decision on one call: pure, deny by default, with the same cost however many grants others have. Any one grant that covers
 * the whole call is enough, so a further grant never narrows.
 */
export function decide(snapshot: Snapshot, call: Call): Decision {
  return evaluate(snapshot, call, null);
}

/** The same decision, with what each considered grant said. */
export function explain(snapshot: Snapshot, call: Call): Explanation {
  const grants: GrantTrace[] = [];
  return { decision: evaluate(snapshot, call, grants), grants };
}

function evaluate(snapshot: Snapshot, call: Call, trace: GrantTrace[] | null): Decision {
  const connector = snapshot.connectors.get(call.connectorSlug) ?? null;
  const tool = connector === null || call.name === null ? null : findTool(connector, call, call.name);
  const agent = snapshot.agents.get(call.agentId);
  if (agent === undefined) return deny("unknown_agent", connector, tool, null);
  const refusal = refuseAgent(agent, call.keyId);
  if (refusal !== null) return deny(refusal, connector, tool, null);
  if (connector === null || (tool === null && (call.name !== null || call.action !== "discover"))) {
    return deny("no_grant", connector, tool, null);
  }

  const closest: Closest = { grant: null, reason: "no_grant", progress: -1 };
  const grants = agent.grants.get(connector.id);
  if (grants !== undefined) consider(grants, closest, connector, tool, call, trace);
  const { grant, reason } = closest;
  if (grant === null || reason === "no_grant" || reason === "effect_not_granted") {
    return deny(reason, connector, tool, null);
  }

  const stop = refuseTarget(connector, tool, call);
  if (stop !== null) return deny(stop, connector, tool, grant);
  const isUse = call.action !== "discover";
  if (isUse && tool?.hold === true && PROGRESS[reason] >= PROGRESS.rate_limited) {
    return deny("approval_required", connector, tool, grant);
  }
  if (reason !== "permitted") return deny(reason, connector, tool, grant, failingPointer(reason, grant, tool, call));
  const rate = isUse ? grant.scope.rate : null;
  return { effect: "permit", reason, grantId: grant.id, connector, tool, pointer: null, rate };
}

function findTool(connector: CompiledConnector, call: Call, name: string): CompiledTool | null {
  if (call.action !== "discover" && (call.action === "invoke") !== (call.kind === "tool")) return null;
  return connector.tools[call.kind].get(name) ?? null;
}

/** Why nothing is permitted to an agent with this key; null when its grants decide. */
export function refuseAgent(agent: CompiledAgent, keyId: string | undefined): ReasonCode | null {
  if (agent.refusal !== null) return agent.refusal;
  if (keyId === undefined) return null;
  for (const id of agent.keyIds) if (id === keyId) return null;
  return "key_revoked";
}

/** What stops a call whatever the grants say. Asked only once a grant selects the tool, so that it tells nothing to others. */
function refuseTarget(connector: CompiledConnector, tool: CompiledTool | null, call: Call): ReasonCode | null {
  if (connector.refusal !== null) return connector.refusal;
  if (connector.approvalExpiresAt !== null && !(call.now < connector.approvalExpiresAt)) return "approval_expired";
  if (tool !== null && tool.refusal !== null) return tool.refusal;
  return connector.agentsAllowed === null || connector.agentsAllowed.has(call.agentId) ? null : "agent_not_allowed";
}

/** What a single grant can say, in order of how close it comes to permitting. */
const PROGRESS = {
  no_grant: 0,
  effect_not_granted: 1,
  version_superseded: 2,
  grant_revoked: 3,
  grant_expired: 4,
  grant_not_started: 5,
  action_not_granted: 6,
  argument_out_of_scope: 7,
  rate_limited: 8,
  permitted: 9,
} as const satisfies Partial<Record<ReasonCode, number>>;
type GrantReason = keyof typeof PROGRESS;

/** The grant that comes closest so far. Written only inside one evaluation. */
type Closest = { grant: CompiledGrant | null; reason: GrantReason; progress: number };

/** A permit that nothing can better, because no rate limits it. */
const FULL_PROGRESS = PROGRESS.permitted + 1;

function consider(
  grants: readonly CompiledGrant[],
  closest: Closest,
  connector: CompiledConnector,
  tool: CompiledTool | null,
  call: Call,
  trace: GrantTrace[] | null,
): void {
  for (const grant of grants) {
    if (trace === null && closest.progress === FULL_PROGRESS) return;
    const reason = weigh(grant, connector, tool, call);
    const progress = reason === "permitted" && grant.scope.rate === null ? FULL_PROGRESS : PROGRESS[reason];
    trace?.push({ grant, reason, pointer: failingPointer(reason, grant, tool, call) });
    if (progress <= closest.progress) continue;
    closest.grant = grant;
    closest.reason = reason;
    closest.progress = progress;
  }
}

function weigh(grant: CompiledGrant, connector: CompiledConnector, tool: CompiledTool | null, call: Call): GrantReason {
  const { scope } = grant;
  if (tool !== null && !selects(scope, tool)) return "names" in scope.tools ? "no_grant" : "effect_not_granted";
  if (grant.versionId !== connector.versionId) return "version_superseded";
  if (grant.status !== "active") return inactive[grant.status] ?? "grant_revoked";
  // written so that a time that is not a number denies
  if (!(call.now >= grant.startsAt)) return "grant_not_started";
  if (!(call.now < grant.expiresAt)) return "grant_expired";
  if (!permitsAction(scope, call.action)) return "action_not_granted";
  if (call.action === "discover" || tool === null) return "permitted";
  if (failingConstraint(scope, tool.name, call.args) !== null) return "argument_out_of_scope";
  return scope.rate !== null && call.exhausted?.has(grant.id) === true ? "rate_limited" : "permitted";
}

const inactive = { pending: "grant_not_started", expired: "grant_expired", revoked: "grant_revoked" } as const;

function failingPointer(
  reason: GrantReason,
  grant: CompiledGrant,
  tool: CompiledTool | null,
  call: Call,
): string | null {
  if (reason !== "argument_out_of_scope" || tool === null) return null;
  return failingConstraint(grant.scope, tool.name, call.args)?.pointer ?? null;
}

function deny(
  reason: ReasonCode,
  connector: CompiledConnector | null,
  tool: CompiledTool | null,
  grant: CompiledGrant | null,
  pointer: string | null = null,
): Decision {
  return { effect: "deny", reason, grantId: grant?.id ?? null, connector, tool, pointer, rate: null };
}
