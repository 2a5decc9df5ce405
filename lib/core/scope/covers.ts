import type { Effect } from "#lib/core/inspection/snapshot.ts";
import { resolvePointer } from "#lib/core/scope/pointer.ts";
import { satisfies } from "#lib/core/scope/satisfies.ts";
import { type Constraint, type Scope, type ScopeAction, strictEffect } from "#lib/core/scope/scope.ts";

/** What a scope is asked about: the name, and the effect that was confirmed in review. */
export type ScopedTool = { readonly name: string; readonly effect: Effect };

/** Why a scope does not cover a call: the part that failed first, for arguments with the constraint. */
export type Uncovered =
  | { readonly part: "tool" | "effect" | "action" }
  | { readonly part: "argument"; readonly constraint: Constraint };

/**
 * Whether a scope covers a call: the tool is selected, the action is granted, and every constraint that binds the tool holds.
 * Seeing a tool (`discover`) is not bound by constraints, as it has no arguments.
 * @param args the call's arguments as parsed from JSON (duplicate member names must have been refused before)
 * @returns null when covered, else what failed
 */
export function covers(scope: Scope, tool: ScopedTool, action: ScopeAction, args: unknown): Uncovered | null {
  if (!selects(scope, tool)) return "names" in scope.tools ? notSelected : otherEffect;
  if (!permitsAction(scope, action)) return otherAction;
  const constraint = action === "discover" ? null : failingConstraint(scope, tool.name, args);
  return constraint === null ? null : { part: "argument", constraint };
}

/** Whether a scope selects a tool, by name or by effect. */
export function selects(scope: Scope, tool: ScopedTool): boolean {
  if ("names" in scope.tools) return scope.tools.names.includes(tool.name);
  const { effects } = scope.tools;
  const effect = strictEffect(tool.effect);
  return effects.includes(effect) || (effect === "destructive" && effects.includes("unknown"));
}

/** Whether a scope grants an action. Whoever may do anything with a tool may also see it. */
export function permitsAction(scope: Scope, action: ScopeAction): boolean {
  return scope.actions.includes(action) || (action === "discover" && scope.actions.length > 0);
}

/** The first constraint on a tool that the arguments do not meet; one whose pointer leads nowhere is not met. */
export function failingConstraint(scope: Scope, toolName: string, args: unknown): Constraint | null {
  for (const constraint of scope.constraints) {
    if (constraint.tool !== undefined && constraint.tool !== toolName) continue;
    const value = resolvePointer(args, constraint.pointer);
    if (value === undefined || !satisfies(constraint.rule, value)) return constraint;
  }
  return null;
}

const notSelected: Uncovered = { part: "tool" };
const otherEffect: Uncovered = { part: "effect" };
const otherAction: Uncovered = { part: "action" };
