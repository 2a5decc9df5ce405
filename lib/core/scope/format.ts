import type { Constraint, JsonScalar, Rule, Scope, ScopeAction } from "#lib/core/scope/scope.ts";

/**
 * A scope in plain English, one sentence per limit, for people who decide on it. Names and values are quoted as JSON,
 * so that blanks and control characters show; making other invisible characters visible is the screen's part.
 */
export function formatScope(scope: Scope): string[] {
  return [
    `May ${list(scope.actions.map((action) => verbs[action]))} ${formatSelection(scope)}.`,
    ...scope.constraints.map(formatConstraint),
    scope.rate === null
      ? "As often as it likes."
      : `At most ${scope.rate.calls} ${scope.rate.calls === 1 ? "call" : "calls"} in any ${scope.rate.perSeconds} seconds.`,
  ];
}

const verbs: Record<ScopeAction, string> = { discover: "see", invoke: "call", read: "read", modify: "change" };

function formatSelection(scope: Scope): string {
  if ("names" in scope.tools) {
    const { names } = scope.tools;
    return names.length === 0 ? "nothing" : `${names.length === 1 ? "" : "each of "}${list(names.map(quote))}`;
  }
  return `everything whose effect is ${list(scope.tools.effects, "or")}`;
}

function formatConstraint({ tool, pointer, rule }: Constraint): string {
  return `${tool === undefined ? "Only" : `For ${quote(tool)} only`} when the argument ${quote(pointer)} ${formatRule(rule)}.`;
}

function formatRule(rule: Rule): string {
  if (rule.op === "equals") return `is ${quote(rule.value)}`;
  if (rule.op === "one_of") return `is ${list(rule.values.map(quote), "or")}`;
  if (rule.op === "prefix") return `starts with ${quote(rule.value)}`;
  if (rule.min === undefined) return `is at most ${rule.max}`;
  return rule.max === undefined ? `is at least ${rule.min}` : `is from ${rule.min} to ${rule.max}`;
}

function quote(value: JsonScalar): string {
  return JSON.stringify(value);
}

function list(parts: readonly string[], joiner = "and"): string {
  const last = parts.at(-1) ?? "nothing";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} ${joiner} ${last}`;
}
