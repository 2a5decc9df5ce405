import { expect, test } from "vitest";
import { formatScope } from "#lib/core/scope/format.ts";
import { parseScope } from "#lib/core/scope/parse.ts";
import { SCOPE_LIMITS } from "#lib/core/scope/scope.ts";

const valid = {
  tools: { names: ["write_file", "read_file", "read_file"] },
  actions: ["invoke", "discover"],
  constraints: [{ tool: "write_file", pointer: "/path", rule: { op: "prefix", value: "/data/" } }],
  rate: { calls: 10, perSeconds: 60 },
};

function codes(input: unknown): string[] {
  const parsed = parseScope(input);
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.path} ${issue.code}`);
}

test("a scope is read into one canonical order", () => {
  const parsed = parseScope(valid);
  expect(parsed.ok && parsed.scope).toEqual({
    ...valid,
    tools: { names: ["read_file", "write_file"] },
    actions: ["discover", "invoke"],
  });
});

test.each([
  ["nothing", undefined, [" not_an_object"]],
  ["a list", [], [" not_an_object"]],
  ["a member that nobody knows", { ...valid, constraint: [] }, [" unknown_member"]],
  ["a missing list of constraints", { ...valid, constraints: undefined }, ["/constraints not_a_list"]],
  ["a missing rate", { ...valid, rate: undefined }, ["/rate not_an_object"]],
  ["names and effects at once", { ...valid, tools: { names: ["a"], effects: ["read"] } }, ["/tools not_in_list"]],
  ["neither names nor effects", { ...valid, tools: {} }, ["/tools not_in_list"]],
  ["no name", { ...valid, tools: { names: [] } }, ["/tools/names empty"]],
  ["an empty name", { ...valid, tools: { names: [""] } }, ["/tools/names/0 not_text"]],
  ["an unknown effect", { ...valid, tools: { effects: ["harmless"] } }, ["/tools/effects/0 not_in_list"]],
  ["no action", { ...valid, actions: [] }, ["/actions empty"]],
  ["an unknown action", { ...valid, actions: ["*"] }, ["/actions/0 not_in_list"]],
  [
    "too many names",
    { ...valid, tools: { names: Array.from({ length: SCOPE_LIMITS.names + 1 }, (_, at) => `t${at}`) } },
    ["/tools/names too_many"],
  ],
  ["a rate of nothing", { ...valid, rate: { calls: 0, perSeconds: 60 } }, ["/rate/calls out_of_bounds"]],
  ["a rate in text", { ...valid, rate: { calls: 1, perSeconds: "60" } }, ["/rate/perSeconds out_of_bounds"]],
])("a scope with %s is refused", (_, input, expected) => {
  expect(codes(input)).toEqual(expected);
});

test.each([
  ["the whole arguments", { pointer: "", rule: { op: "equals", value: 1 } }, ["pointer not_text"]],
  ["a pointer without slash", { pointer: "path", rule: { op: "equals", value: 1 } }, ["pointer not_a_pointer"]],
  ["a broken escape", { pointer: "/a~2", rule: { op: "equals", value: 1 } }, ["pointer not_a_pointer"]],
  ["an unknown rule", { pointer: "/a", rule: { op: "matches", value: ".*" } }, ["rule/op not_in_list"]],
  ["a rule of the prototype", { pointer: "/a", rule: { op: "constructor" } }, ["rule/op not_in_list"]],
  ["a member of another rule", { pointer: "/a", rule: { op: "equals", value: 1, max: 2 } }, ["rule unknown_member"]],
  ["no allowed value", { pointer: "/a", rule: { op: "one_of", values: [] } }, ["rule/values empty"]],
  ["an object as value", { pointer: "/a", rule: { op: "equals", value: {} } }, ["rule/value not_a_scalar"]],
  ["a number too large", { pointer: "/a", rule: { op: "equals", value: 2 ** 53 } }, ["rule/value not_a_scalar"]],
  ["a range without bounds", { pointer: "/a", rule: { op: "range" } }, ["rule empty"]],
  ["a range upside down", { pointer: "/a", rule: { op: "range", min: 2, max: 1 } }, ["rule out_of_bounds"]],
  [
    "an endless bound",
    { pointer: "/a", rule: { op: "range", max: Number.POSITIVE_INFINITY } },
    ["rule/max not_a_number"],
  ],
  ["a climbing prefix", { pointer: "/a", rule: { op: "prefix", value: "/data/../" } }, ["rule/value unsafe_prefix"]],
  ["an open host", { pointer: "/a", rule: { op: "prefix", value: "https://api.test" } }, ["rule/value unsafe_prefix"]],
])("a constraint with %s is refused", (_, constraint, expected) => {
  expect(codes({ ...valid, constraints: [constraint] })).toEqual(expected.map((issue) => `/constraints/0/${issue}`));
});

test("a scope reads as plain sentences", () => {
  const parsed = parseScope(valid);
  expect(parsed.ok && formatScope(parsed.scope)).toEqual([
    'May see and call each of "read_file" and "write_file".',
    'For "write_file" only when the argument "/path" starts with "/data/".',
    "At most 10 calls in any 60 seconds.",
  ]);
});
