import type { JsonObject } from "#lib/core/canonical.ts";
import { type Decision, decide } from "#lib/core/decision/decide.ts";
import type { Caller } from "#lib/gateway/call.ts";
import type { RefusalReason } from "#lib/gateway/refusal.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";

/** Whether an agent may open a connector at all: its way in, or why not. `decision` is null where nothing was decided. */
export type Entry =
  | { isOpen: true; policy: Policy; target: Target }
  | { isOpen: false; reason: RefusalReason; decision: Decision | null };

export function enter(keeper: PolicyKeeper, { slug, caller }: { slug: string; caller: Caller }): Entry {
  const policy = keeper.current();
  const stop = keeper.refusal();
  if (policy === null || stop !== null) return { isOpen: false, reason: stop ?? "policy_unconfirmed", decision: null };
  const { agentId, keyId } = caller;
  const look = { agentId, keyId, connectorSlug: slug, action: "discover", kind: "tool", name: null } as const;
  const decision = decide(policy.snapshot, { ...look, now: keeper.now() });
  const target = decision.connector === null ? undefined : policy.targets.get(decision.connector.id);
  if (decision.effect === "permit" && target !== undefined) return { isOpen: true, policy, target };
  return { isOpen: false, reason: decision.reason === "permitted" ? "no_grant" : decision.reason, decision };
}

/** What the gateway says about a connector in place of its server. */
export function describeConnector(slug: string, { name, identity }: Target): JsonObject {
  const { instructions } = identity;
  return {
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: `ambit/${slug}`, title: name, version: "1" },
    ...(instructions === null ? {} : { instructions }),
  };
}
