import type { Effect } from "#lib/core/inspection/snapshot.ts";
import { isInnerPointer } from "#lib/core/scope/pointer.ts";
import { climbs, isExactNumber } from "#lib/core/scope/satisfies.ts";
import {
  type Constraint,
  type JsonScalar,
  type Rate,
  type Rule,
  SCOPE_ACTIONS,
  SCOPE_LIMITS,
  type Scope,
  type ScopeAction,
  type ToolSelection,
} from "#lib/core/scope/scope.ts";

/** What is wrong with a scope, in a closed list. */
export type ScopeIssueCode =
  | "not_an_object"
  | "unknown_member"
  | "not_a_list"
  | "empty"
  | "too_many"
  | "not_text"
  | "too_long"
  | "not_in_list"
  | "not_a_pointer"
  | "not_a_scalar"
  | "not_a_number"
  | "out_of_bounds"
  | "unsafe_prefix";

/** One fault of a scope: where it is (JSON Pointer into the scope), what it is, and a sentence for people. */
export type ScopeIssue = { readonly path: string; readonly code: ScopeIssueCode; readonly message: string };

export type ParsedScope = { ok: true; scope: Scope } | { ok: false; issues: readonly ScopeIssue[] };

/**
 * Reads a scope from untrusted JSON. Strict: a member nobody knows is a fault, as it may have been meant to narrow.
 * The result is in canonical order (names, effects and actions sorted, without repetition), so equal scopes are equal texts.
 */
export function parseScope(input: unknown): ParsedScope {
  const issues: ScopeIssue[] = [];
  const report: Report = (path, code, message) => {
    issues.push({ path, code, message });
  };
  const members = readObject(input, "", ["tools", "actions", "constraints", "rate"], report);
  if (members === null) return { ok: false, issues };
  const scope: Scope = {
    tools: readSelection(members.tools, report),
    actions: readChoices(members.actions, "/actions", SCOPE_ACTIONS, report),
    constraints: readList(members.constraints, "/constraints", 0, SCOPE_LIMITS.constraints, report).map((one, index) =>
      readConstraint(one, `/constraints/${index}`, report),
    ),
    rate: readRate(members.rate, report),
  };
  return issues.length === 0 ? { ok: true, scope } : { ok: false, issues };
}

type Report = (path: string, code: ScopeIssueCode, message: string) => void;
type Members = Readonly<Record<string, unknown>>;

const EFFECTS: readonly Effect[] = ["read", "write", "destructive", "unknown"];

function readSelection(input: unknown, report: Report): ToolSelection {
  const members = readObject(input, "/tools", ["names", "effects"], report);
  if (members === null) return { names: [] };
  if (Object.hasOwn(members, "names") === Object.hasOwn(members, "effects")) {
    report("/tools", "not_in_list", "Select tools either by names or by effects.");
    return { names: [] };
  }
  if (Object.hasOwn(members, "effects")) {
    return { effects: readChoices(members.effects, "/tools/effects", EFFECTS, report) };
  }
  const names = readList(members.names, "/tools/names", 1, SCOPE_LIMITS.names, report);
  return {
    names: sorted(names.map((name, index) => readText(name, `/tools/names/${index}`, SCOPE_LIMITS.nameLength, report))),
  };
}

function readConstraint(input: unknown, path: string, report: Report): Constraint {
  const members = readObject(input, path, ["tool", "pointer", "rule"], report) ?? {};
  const pointer = readText(members.pointer, `${path}/pointer`, SCOPE_LIMITS.pointerLength, report);
  if (pointer !== "" && !isInnerPointer(pointer)) {
    report(
      `${path}/pointer`,
      "not_a_pointer",
      'Write the argument as a JSON Pointer, such as "/path" or "/options/0".',
    );
  }
  const rule = readRule(members.rule, `${path}/rule`, report);
  if (members.tool === undefined) return { pointer, rule };
  return { tool: readText(members.tool, `${path}/tool`, SCOPE_LIMITS.nameLength, report), pointer, rule };
}

function readRule(input: unknown, path: string, report: Report): Rule {
  const op = typeof input === "object" && input !== null && Object.hasOwn(input, "op") ? (input as Members).op : null;
  const known = typeof op === "string" && Object.hasOwn(ruleMembers, op) ? ruleMembers[op as Rule["op"]] : null;
  if (known === null) {
    report(`${path}/op`, "not_in_list", "A rule is one of equals, one_of, prefix and range.");
    return nothing;
  }
  const members = readObject(input, path, ["op", ...known], report);
  if (members === null) return nothing;
  if (op === "equals") return { op, value: readScalar(members.value, `${path}/value`, report) };
  if (op === "prefix") return readPrefix(members.value, `${path}/value`, report);
  if (op === "range") return readRange(members, path, report);
  const values = readList(members.values, `${path}/values`, 1, SCOPE_LIMITS.values, report);
  return { op: "one_of", values: values.map((value, index) => readScalar(value, `${path}/values/${index}`, report)) };
}

const ruleMembers: Record<Rule["op"], readonly string[]> = {
  equals: ["value"],
  one_of: ["values"],
  prefix: ["value"],
  range: ["min", "max"],
};
const nothing: Rule = { op: "one_of", values: [] };

function readPrefix(input: unknown, path: string, report: Report): Rule {
  const value = readText(input, path, SCOPE_LIMITS.stringLength, report);
  if (climbs(value, value.includes("/"))) {
    report(
      path,
      "unsafe_prefix",
      'A prefix cannot contain "..", a backslash, a control character or an encoded dot or slash.',
    );
  }
  const authority = value.indexOf("://");
  if (authority !== -1 && !value.includes("/", authority + 3)) {
    report(
      path,
      "unsafe_prefix",
      'An address needs a "/" after its host, or it also allows other hosts that start alike.',
    );
  }
  return { op: "prefix", value };
}

function readRange(members: Members, path: string, report: Report): Rule {
  const bounds: { min?: number; max?: number } = {};
  for (const bound of ["min", "max"] as const) {
    const value = members[bound];
    if (value === undefined) continue;
    if (isExactNumber(value)) bounds[bound] = value;
    else report(`${path}/${bound}`, "not_a_number", "A bound is a finite number within ±(2^53 − 1).");
  }
  if (members.min === undefined && members.max === undefined) report(path, "empty", "A range needs a bound.");
  if (bounds.min !== undefined && bounds.max !== undefined && bounds.min > bounds.max) {
    report(path, "out_of_bounds", "The lower bound is above the upper one.");
  }
  return { op: "range", ...bounds };
}

function readRate(input: unknown, report: Report): Rate | null {
  if (input === null) return null;
  const members = readObject(input, "/rate", ["calls", "perSeconds"], report);
  if (members === null) return null;
  return {
    calls: readCount(members.calls, "/rate/calls", SCOPE_LIMITS.rateCalls, report),
    perSeconds: readCount(members.perSeconds, "/rate/perSeconds", SCOPE_LIMITS.ratePerSeconds, report),
  };
}

function readCount(input: unknown, path: string, max: number, report: Report): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= max) return input;
  report(path, "out_of_bounds", `A whole number from 1 to ${max} is needed.`);
  return 1;
}

function readScalar(input: unknown, path: string, report: Report): JsonScalar {
  if (input === null || typeof input === "boolean") return input;
  if (isExactNumber(input)) return input;
  if (typeof input === "string") {
    if (input.length > SCOPE_LIMITS.stringLength) report(path, "too_long", "The text is too long.");
    return input;
  }
  report(path, "not_a_scalar", "Text, a number within ±(2^53 − 1), true, false or null is needed.");
  return null;
}

function readText(input: unknown, path: string, lengthMax: number, report: Report): string {
  if (typeof input !== "string" || input === "") report(path, "not_text", "Text that is not empty is needed.");
  else if (input.length > lengthMax) report(path, "too_long", `At most ${lengthMax} characters are possible.`);
  else return input;
  return "";
}

function readChoices<T extends ScopeAction | Effect>(
  input: unknown,
  path: string,
  choices: readonly T[],
  report: Report,
): readonly T[] {
  const items = readList(input, path, 1, choices.length * 2, report);
  const chosen = items.flatMap((item, index) => {
    const choice = choices.find((one) => one === item);
    if (choice === undefined) report(`${path}/${index}`, "not_in_list", `One of ${choices.join(", ")} is needed.`);
    return choice === undefined ? [] : [choice];
  });
  return sorted(chosen);
}

function readList(input: unknown, path: string, min: 0 | 1, max: number, report: Report): readonly unknown[] {
  if (!Array.isArray(input)) report(path, "not_a_list", "A list is needed.");
  else if (input.length < min) report(path, "empty", "At least one is needed.");
  else if (input.length > max) report(path, "too_many", `At most ${max} are possible.`);
  else return input;
  return [];
}

function readObject(input: unknown, path: string, known: readonly string[], report: Report): Members | null {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    report(path, "not_an_object", "An object is needed.");
    return null;
  }
  for (const name of Object.keys(input)) {
    if (!known.includes(name)) report(path, "unknown_member", `Nobody knows what ${JSON.stringify(name)} means here.`);
  }
  return input as Members;
}

function sorted<T extends string>(items: readonly T[]): T[] {
  return [...new Set(items)].sort();
}
