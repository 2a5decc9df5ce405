import type { JsonObject } from "#lib/core/canonical.ts";
import { refuseEstate } from "#lib/core/decision/access.ts";
import { type Decision, decide } from "#lib/core/decision/decide.ts";
import type { Caller, ToolsCall } from "#lib/gateway/call.ts";
import type { RefusalReason } from "#lib/gateway/refusal.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";

/**
 * Whether an agent may open an endpoint at all: its way in, or why not. `target` is null for its whole estate; `decision` is null where
 * nothing was decided on a connector.
 */
export type Entry =
  | { isOpen: true; policy: Policy; target: Target | null }
  | { isOpen: false; reason: RefusalReason; decision: Decision | null };

export function enter(keeper: PolicyKeeper, { slug, caller }: { slug: string | null; caller: Caller }): Entry {
  const policy = keeper.current();
  const stop = keeper.refusal();
  if (policy === null || stop !== null) return { isOpen: false, reason: stop ?? "policy_unconfirmed", decision: null };
  const { agentId, keyId } = caller;
  if (slug === null) {
    const reason = refuseEstate(policy.snapshot, agentId, keyId);
    if (reason === null || reason === "permitted") return { isOpen: true, policy, target: null };
    return { isOpen: false, reason, decision: null };
  }
  const look = { agentId, keyId, connectorSlug: slug, action: "discover", kind: "tool", name: null } as const;
  const decision = decide(policy.snapshot, { ...look, now: keeper.now() });
  const target = decision.connector === null ? undefined : policy.targets.get(decision.connector.id);
  if (decision.effect === "permit" && target !== undefined) return { isOpen: true, policy, target };
  return { isOpen: false, reason: decision.reason === "permitted" ? "no_grant" : decision.reason, decision };
}

/** What the gateway says about an endpoint in place of a server. */
export function describeEndpoint(slug: string | null, target: Target | null): JsonObject {
  const tools = { listChanged: true };
  if (slug === null || target === null) {
    const instructions = `Tools of several servers; each is named after its server: <server>${separator}<tool>.`;
    return { capabilities: { tools }, serverInfo: { name: "ambit", title: "Ambit", version: "1" }, instructions };
  }
  const { instructions, capabilities: theirs } = target.identity;
  return {
    capabilities: {
      tools,
      ...(theirs.resources === undefined ? {} : { resources: { listChanged: true } }),
      ...(theirs.prompts === undefined ? {} : { prompts: { listChanged: true } }),
      ...(theirs.completions === undefined ? {} : { completions: {} }),
      ...(theirs.logging === undefined ? {} : { logging: {} }),
    },
    serverInfo: { name: `ambit/${slug}`, title: target.name, version: "1" },
    ...(instructions === null ? {} : { instructions }),
  };
}

/** Between connector and tool in the names of an estate. Slugs hold no underscore, so the first one ends the slug. */
const separator = "__";

/** The name of a connector's tool in an agent's whole estate: stable, and no server can take another's. */
export function estateName(slug: string, tool: string): string {
  return slug + separator + tool;
}

/** A call on an agent's whole estate as the call of a connector's tool that it means; one that means none is left to the decision. */
export function toConnector(call: ToolsCall): ToolsCall {
  const { slug, request } = call;
  const name = request.params?.name;
  if (slug !== null || typeof name !== "string") return call;
  const end = name.indexOf(separator);
  if (end === -1) return call;
  const params = { ...request.params, name: name.slice(end + separator.length) };
  return { ...call, slug: name.slice(0, end), request: { ...request, params } };
}
