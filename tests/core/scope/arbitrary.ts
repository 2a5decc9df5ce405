import fc from "fast-check";
import type { Constraint, Rule, Scope } from "#lib/core/scope/scope.ts";

/** Few names and values, so that random scopes and calls often meet. */
export const TOOL_NAMES = ["alpha", "beta", "gamma", "__proto__"] as const;

const pointers = fc.constantFrom("/path", "/n", "/deep/0");
const texts = fc.constantFrom("/data/", "/data/x", "/data/../etc", "/", "x");
const scalar = fc.oneof(texts, fc.integer({ min: -2, max: 5 }), fc.constantFrom(true, null));

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ op: fc.constant("equals" as const), value: scalar }),
  fc.record({ op: fc.constant("one_of" as const), values: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ op: fc.constant("prefix" as const), value: fc.constantFrom("/data/", "/", "x") }),
  fc.record({
    op: fc.constant("range" as const),
    min: fc.integer({ min: -2, max: 2 }),
    max: fc.integer({ min: 2, max: 5 }),
  }),
);

const constraint: fc.Arbitrary<Constraint> = fc.record(
  { tool: fc.constantFrom(...TOOL_NAMES), pointer: pointers, rule },
  { requiredKeys: ["pointer", "rule"] },
);

export const anyScope: fc.Arbitrary<Scope> = fc.record({
  tools: fc.oneof(
    fc.record({ names: fc.uniqueArray(fc.constantFrom(...TOOL_NAMES), { minLength: 1 }) }),
    fc.record({
      effects: fc.uniqueArray(fc.constantFrom("read", "write", "destructive", "unknown"), { minLength: 1 }),
    }),
  ),
  actions: fc.uniqueArray(fc.constantFrom("discover", "invoke", "read", "modify"), { minLength: 1 }),
  constraints: fc.oneof(fc.constant([]), fc.array(constraint, { maxLength: 2 })),
  rate: fc.option(fc.record({ calls: fc.integer({ min: 1, max: 5 }), perSeconds: fc.constantFrom(1, 60) }), {
    nil: null,
  }),
});

export const anyArgs = fc.record(
  { path: scalar, n: scalar, deep: fc.array(scalar, { maxLength: 1 }) },
  { requiredKeys: [] },
);
