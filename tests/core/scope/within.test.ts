import fc from "fast-check";
import { expect, test } from "vitest";
import { covers } from "#lib/core/scope/covers.ts";
import type { Scope } from "#lib/core/scope/scope.ts";
import { isWithin } from "#lib/core/scope/within.ts";
import { anyArgs, anyScope, TOOL_NAMES } from "#tests/core/scope/arbitrary.ts";

test("what a narrower scope covers is covered by the wider one", () => {
  let within = 0;
  fc.assert(
    fc.property(
      anyScope,
      anyScope,
      fc.constantFrom(...TOOL_NAMES),
      fc.constantFrom("read", "write", "destructive", "unknown"),
      fc.constantFrom("discover", "invoke", "read"),
      anyArgs,
      (inner, outer, name, effect, action, args) => {
        if (!isWithin(inner, outer)) return;
        within += 1;
        if (covers(inner, { name, effect }, action, args) === null) {
          expect(covers(outer, { name, effect }, action, args)).toBeNull();
        }
      },
    ),
    { numRuns: 20_000, seed: 7 },
  );
  expect(within).toBeGreaterThan(200);
});

test("every scope is within itself", () => {
  fc.assert(fc.property(anyScope, (scope) => isWithin(scope, scope)));
});

const base: Scope = {
  tools: { names: ["a", "b"] },
  actions: ["invoke"],
  constraints: [{ pointer: "/p", rule: { op: "prefix", value: "/data/" } }],
  rate: { calls: 10, perSeconds: 60 },
};

test.each<[string, Partial<Scope>, boolean]>([
  ["fewer tools", { tools: { names: ["a"] } }, true],
  ["another tool", { tools: { names: ["a", "c"] } }, false],
  ["tools by effect instead of names", { tools: { effects: ["read"] } }, false],
  ["only seeing", { actions: ["discover"] }, true],
  ["another action", { actions: ["invoke", "read"] }, false],
  ["no constraint", { constraints: [] }, false],
  ["a longer prefix", { constraints: [{ pointer: "/p", rule: { op: "prefix", value: "/data/x" } }] }, true],
  ["a shorter prefix", { constraints: [{ pointer: "/p", rule: { op: "prefix", value: "/" } }] }, false],
  ["one value below the prefix", { constraints: [{ pointer: "/p", rule: { op: "equals", value: "/data/x" } }] }, true],
  ["the constraint for one tool only", { constraints: [{ ...base.constraints[0], tool: "a" } as never] }, false],
  ["no rate", { rate: null }, false],
  ["a lower rate", { rate: { calls: 5, perSeconds: 60 } }, true],
  ["the same calls in less time", { rate: { calls: 10, perSeconds: 30 } }, false],
])("a scope with %s", (_, change, expected) => {
  expect(isWithin({ ...base, ...change }, base)).toBe(expected);
});
