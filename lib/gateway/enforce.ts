import { type Decision, decide } from "#lib/core/decision/decide.ts";
import type { CompiledConnector, CompiledTool, Snapshot } from "#lib/core/decision/snapshot.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import type { Rates } from "#lib/gateway/rates.ts";
import type { RefusalReason } from "#lib/gateway/refusal.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import type { Use } from "#lib/gateway/uses.ts";
import type { ArgumentCheck, ArgumentChecks, ArgumentIssue } from "#lib/gateway/validate.ts";

/** What is asked for. `keyId` is the thumbprint of the key behind the token. */
export type Ask = { agentId: string; keyId: string; slug: string; use: Use };

export type Permit = {
  kind: "permit";
  policy: Policy;
  connector: CompiledConnector;
  tool: CompiledTool;
  grantId: string;
  /** Names that the tool's schema knows, for the record's argument shape. */
  properties: readonly string[];
  now: number;
};

export type Refused = {
  kind: "refused";
  reason: RefusalReason;
  /** What was meant, for the record only. */
  decision: Decision | null;
  pointer: string | null;
  issues: readonly ArgumentIssue[];
  retryAfterMs: number | null;
  now: number;
};

export type Enforcer = {
  /** Decides one call. `counted` is the grant whose rate already counts this call (when it is decided again). */
  enforce(ask: Ask, counted: string | null): Permit | Refused;
};

/** Whether a call that was permitted before is permitted now. Its rate was counted already. */
export function isPermitted(snapshot: Snapshot, { slug, caller }: ToolsCall, use: Use, now: number): boolean {
  const { kind, action, name, args } = use;
  const { agentId, keyId } = caller;
  return (
    decide(snapshot, { agentId, keyId, connectorSlug: slug ?? "", action, kind, name, args, now }).effect === "permit"
  );
}

/** Clock and staleness rules, the decision, the grant's rate, and the approved schema, in that order. */
export function createEnforcer(keeper: PolicyKeeper, checks: ArgumentChecks, rates: Rates): Enforcer {
  return {
    enforce(ask, counted) {
      const now = keeper.now();
      const policy = keeper.current();
      const stop = keeper.refusal();
      if (policy === null || stop !== null) return refused(stop ?? "policy_unconfirmed", null, now);
      const call = {
        agentId: ask.agentId,
        keyId: ask.keyId,
        connectorSlug: ask.slug,
        action: ask.use.action,
        kind: ask.use.kind,
        name: ask.use.name,
        args: ask.use.args,
        now,
      } as const;
      let decision = decide(policy.snapshot, call);
      if (decision.effect === "deny") return deny(decision, now);
      const { connector, tool } = decision;
      if (connector === null || tool === null) return deny({ ...decision, reason: "no_grant" }, now);
      const { properties, validate } = tool.kind === "tool" ? checks.checkOf(tool) : unchecked;
      if (validate === null) return { ...refused("schema_unusable", decision, now) };
      const issues = validate(ask.use.args);
      if (issues !== null) return { ...refused("arguments_invalid", decision, now), issues };

      const exhausted = new Set<string>();
      let retryAfterMs = Number.POSITIVE_INFINITY;
      while (decision.effect === "permit" && decision.rate !== null && decision.grantId !== counted) {
        const waitMs = rates.take(decision.grantId ?? "", ask.agentId, decision.rate, now);
        if (waitMs === 0) break;
        retryAfterMs = Math.min(retryAfterMs, waitMs);
        exhausted.add(decision.grantId ?? "");
        decision = decide(policy.snapshot, { ...call, exhausted });
      }
      if (decision.effect === "deny") return { ...deny(decision, now), retryAfterMs };
      return { kind: "permit", policy, connector, tool, grantId: decision.grantId ?? "", properties, now };
    },
  };
}

/** Only tools have a schema; what resources and prompts are asked is the server's to check. */
const unchecked: ArgumentCheck = { properties: [], validate: () => null };

function deny(decision: Decision, now: number): Refused {
  const reason = decision.reason === "permitted" ? "no_grant" : decision.reason;
  return { ...refused(reason, decision, now), pointer: decision.pointer };
}

function refused(reason: RefusalReason, decision: Decision | null, now: number): Refused {
  return { kind: "refused", reason, decision, pointer: null, issues: [], retryAfterMs: null, now };
}
