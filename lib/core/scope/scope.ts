import type { Effect } from "#lib/core/inspection/snapshot.ts";

/** What a JSON text can hold in one place. */
export type JsonScalar = string | number | boolean | null;

/** A grant may let its holder see (`discover`), call (`invoke`), read (`read`: resources, prompts) and change (`modify`). */
export const SCOPE_ACTIONS = ["discover", "invoke", "read", "modify"] as const;
export type ScopeAction = (typeof SCOPE_ACTIONS)[number];

/** What an argument must be. Strings compare by UTF-16 code unit, exactly: no case folding, no normalisation. */
export type Rule =
  | { readonly op: "equals"; readonly value: JsonScalar }
  | { readonly op: "one_of"; readonly values: readonly JsonScalar[] }
  | { readonly op: "prefix"; readonly value: string }
  | { readonly op: "range"; readonly min?: number; readonly max?: number };

/**
 * One limit on the arguments. `pointer` is a JSON Pointer (RFC 6901) into them; where it leads nowhere, the call is not covered.
 * `tool` narrows the constraint to calls of that one tool; without it every tool of the scope is bound.
 */
export type Constraint = { readonly tool?: string; readonly pointer: string; readonly rule: Rule };

/** At most `calls` calls in any `perSeconds` seconds. */
export type Rate = { readonly calls: number; readonly perSeconds: number };

/** Which tools: by exact name, or every tool with one of these reviewed effects. `unknown` counts as `destructive`. */
export type ToolSelection = { readonly names: readonly string[] } | { readonly effects: readonly Effect[] };

/** What a grant covers on its connector. Everything that is not covered is denied. */
export type Scope = {
  readonly tools: ToolSelection;
  readonly actions: readonly ScopeAction[];
  readonly constraints: readonly Constraint[];
  readonly rate: Rate | null;
};

/** Upper bounds of a scope, so that a decision has a bounded cost whatever was granted. */
export const SCOPE_LIMITS = {
  names: 200,
  nameLength: 1024,
  constraints: 50,
  pointerLength: 256,
  values: 100,
  stringLength: 1024,
  rateCalls: 1_000_000,
  ratePerSeconds: 86_400,
} as const;

/** The effect that a decision works with: what nobody could name is as dangerous as the worst. */
export function strictEffect(effect: Effect): Exclude<Effect, "unknown"> {
  return effect === "read" || effect === "write" ? effect : "destructive";
}
