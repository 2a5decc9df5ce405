import { permitsAction } from "#lib/core/scope/covers.ts";
import { satisfies } from "#lib/core/scope/satisfies.ts";
import { type Constraint, type Rate, type Rule, type Scope, strictEffect } from "#lib/core/scope/scope.ts";

/**
 * Whether every call that `inner` covers is covered by `outer` too, at no higher rate: `inner` narrows or equals.
 * Careful rather than complete: `true` is certain, `false` also means "cannot be told from the scopes alone"
 * (a selection by name against one by effect, for instance).
 */
export function isWithin(inner: Scope, outer: Scope): boolean {
  return (
    isSelectionWithin(inner, outer) &&
    inner.actions.every((action) => permitsAction(outer, action)) &&
    outer.constraints.every((constraint) => isKept(constraint, inner)) &&
    isRateWithin(inner.rate, outer.rate)
  );
}

function isSelectionWithin(inner: Scope, outer: Scope): boolean {
  if ("names" in inner.tools && "names" in outer.tools) {
    const { names } = outer.tools;
    return inner.tools.names.every((name) => names.includes(name));
  }
  if ("effects" in inner.tools && "effects" in outer.tools) {
    const effects = outer.tools.effects.map(strictEffect);
    return inner.tools.effects.every((effect) => effects.includes(strictEffect(effect)));
  }
  return false;
}

/** Whether each tool that an outer constraint binds is bound at least as tightly by the inner scope. */
function isKept(outer: Constraint, inner: Scope): boolean {
  const isBound = (tool: string | undefined) =>
    inner.constraints.some(
      (own) =>
        own.pointer === outer.pointer && (own.tool === undefined || own.tool === tool) && implies(own.rule, outer.rule),
    );
  if (!("names" in inner.tools)) return isBound(outer.tool);
  return inner.tools.names.every((name) => (outer.tool !== undefined && outer.tool !== name) || isBound(name));
}

function implies(inner: Rule, outer: Rule): boolean {
  if (inner.op === "equals") return satisfies(outer, inner.value);
  if (inner.op === "one_of") return inner.values.every((value) => satisfies(outer, value));
  if (inner.op === "prefix") return outer.op === "prefix" && inner.value.startsWith(outer.value);
  return (
    outer.op === "range" &&
    (inner.min ?? Number.NEGATIVE_INFINITY) >= (outer.min ?? Number.NEGATIVE_INFINITY) &&
    (inner.max ?? Number.POSITIVE_INFINITY) <= (outer.max ?? Number.POSITIVE_INFINITY)
  );
}

function isRateWithin(inner: Rate | null, outer: Rate | null): boolean {
  if (outer === null) return true;
  return inner !== null && inner.calls <= outer.calls && inner.perSeconds >= outer.perSeconds;
}
