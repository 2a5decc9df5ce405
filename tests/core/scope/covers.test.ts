import { expect, test } from "vitest";
import { covers } from "#lib/core/scope/covers.ts";
import { resolvePointer } from "#lib/core/scope/pointer.ts";
import type { Rule, Scope } from "#lib/core/scope/scope.ts";

const tool = { name: "t", effect: "write" } as const;

function scope(pointer: string, rule: Rule): Scope {
  return { tools: { names: ["t"] }, actions: ["invoke"], constraints: [{ pointer, rule }], rate: null };
}

/** @param json the arguments as they stand in a request, so that what JSON.parse makes of them is part of the test */
function holds(pointer: string, rule: Rule, json: string): boolean {
  return covers(scope(pointer, rule), tool, "invoke", JSON.parse(json)) === null;
}

const one: Rule = { op: "equals", value: 1 };

test.each<[string, string, string, boolean]>([
  ["a plain member", "/a", '{"a":1}', true],
  ["a missing member", "/a", "{}", false],
  ["no arguments at all", "/a", "null", false],
  ["arguments that are text", "/length", '"x"', false],
  ["a member of the prototype", "/constructor/length", "{}", false],
  ["__proto__ that is not there", "/__proto__/a", '{"a":1}', false],
  ["__proto__ as an own member", "/__proto__/a", '{"__proto__":{"a":1}}', true],
  ["a member hidden in an own __proto__", "/a", '{"__proto__":{"a":1}}', false],
  ["an array element", "/a/1", '{"a":[0,1]}', true],
  ["an index with a leading zero", "/a/01", '{"a":[0,1]}', false],
  ["the element after the last", "/a/-", '{"a":[1]}', false],
  ["an array's length", "/a/length", '{"a":[0]}', false],
  ["a negative index", "/a/-1", '{"a":[1]}', false],
  ["an object with a numeric member", "/a/01", '{"a":{"01":1}}', true],
  ["an escaped slash", "/a~1b", '{"a/b":1}', true],
  ["an escaped tilde", "/a~0b", '{"a~b":1}', true],
  ["an escaped tilde before 1", "/a~01b", '{"a~1b":1}', true],
  ["an escaped tilde before 1, read wrongly", "/a~01b", '{"a/b":1}', false],
  ["an empty member name", "/", '{"":1}', true],
  ["two empty member names", "//", '{"":{"":1}}', true],
  ["a member below a number", "/a/b", '{"a":1}', false],
  ["a list in place of the value", "/a", '{"a":[1]}', false],
])("a pointer to %s", (_, pointer, json, expected) => {
  expect(holds(pointer, one, json)).toBe(expected);
});

test.each<[string, Rule, string, boolean]>([
  ["1.0 is 1", one, "1.0", true],
  ["numeric text is not a number", one, '"1"', false],
  ["true is not 1", one, "true", false],
  ["-0 is 0", { op: "equals", value: 0 }, "-0", true],
  ["null is only null", { op: "equals", value: null }, "null", true],
  ["false is not null", { op: "equals", value: null }, "false", false],
  ["an integer that a double cannot hold", { op: "equals", value: 2 ** 53 - 1 }, "9007199254740993", false],
  ["the largest exact integer", { op: "equals", value: 2 ** 53 - 1 }, "9007199254740991", true],
  ["composed and decomposed letters differ", { op: "equals", value: "\u00e9" }, '"e\u0301"', false],
  ["case differs", { op: "equals", value: "main" }, '"Main"', false],
  ["an invisible character differs", { op: "equals", value: "main" }, '"main\u200b"', false],
  ["one of several", { op: "one_of", values: ["a", 2, null] }, "2", true],
  ["none of several", { op: "one_of", values: ["a", 2, null] }, '"2"', false],
  ["a range's lower bound", { op: "range", min: 1, max: 3 }, "1", true],
  ["a range's upper bound", { op: "range", min: 1, max: 3 }, "3", true],
  ["just above a range", { op: "range", min: 1, max: 3 }, "3.0000001", false],
  ["endless", { op: "range", min: 1 }, "1e999", false],
  ["too large to be exact", { op: "range", min: 1 }, "1e16", false],
  ["a range over text", { op: "range", min: 1, max: 3 }, '"2"', false],
  ["a range over null", { op: "range", min: -1, max: 3 }, "null", false],
])("%s", (_, rule, value, expected) => {
  expect(holds("/a", rule, `{"a":${value}}`)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ["/data/", "/data/report.txt", true],
  ["/data/", "/data/a..b", true],
  ["/data/", "/database", false],
  ["/data/", "/data/../etc/passwd", false],
  ["/data/", "/data/x/..", false],
  ["/data/", "/data/..;/etc", false],
  ["/data/", "/data/..\\etc", false],
  ["/data/", "/data/x\\y", false],
  ["/data/", "/data/\u0000/etc", false],
  ["/data/", "/data/.\t./etc", false],
  ["/data/", "/data/%2e%2e/etc", false],
  ["/data/", "/data/.%2E/etc", false],
  ["/data/", "/data/%252e%252e/etc", false],
  ["/data/", "/data/..%2fetc", false],
  ["/data/", "/data/%00", false],
  ["/data/", "/DATA/report.txt", false],
  ["/data/", "//data/report.txt", false],
  ["data", "data/../secret", false],
  ["data", "data\\..\\secret", false],
  ["data", "data v1..v2", true],
  ["https://api.test/", "https://api.test/v1?x=1", true],
  ["https://api.test/", "https://api.test.evil.test/", false],
  ["https://api.test/", "https://api.test@evil.test/", false],
])("the prefix %j over %j", (prefix, value, expected) => {
  expect(holds("/a", { op: "prefix", value: prefix }, JSON.stringify({ a: value }))).toBe(expected);
});

test("a pointer follows own members only", () => {
  for (const pointer of ["/toString", "/__proto__", "/constructor", "/a/map"]) {
    expect(resolvePointer({ a: [] }, pointer)).toBeUndefined();
  }
});

test("a prefix never matches what is not text", () => {
  for (const value of ["1", "null", '["/data/"]', '{"0":"/data/"}']) {
    expect(holds("/a", { op: "prefix", value: "/data/" }, `{"a":${value}}`)).toBe(false);
  }
});

test("a constraint for one tool binds no other", () => {
  const bound: Scope = { ...scope("/a", one), tools: { names: ["t", "u"] } };
  const narrowed = { ...bound, constraints: [{ tool: "u", pointer: "/a", rule: one }] };
  expect(covers(narrowed, tool, "invoke", {})).toBeNull();
  expect(covers(narrowed, { name: "u", effect: "write" }, "invoke", {})).toMatchObject({ part: "argument" });
});

test("an unknown effect is covered only where destructive is", () => {
  const unknown = { name: "t", effect: "unknown" } as const;
  const of = (effects: ("read" | "write" | "destructive" | "unknown")[]): Scope => ({
    tools: { effects },
    actions: ["invoke"],
    constraints: [],
    rate: null,
  });
  expect(covers(of(["read", "write"]), unknown, "invoke", {})).toEqual({ part: "effect" });
  expect(covers(of(["destructive"]), unknown, "invoke", {})).toBeNull();
  expect(covers(of(["unknown"]), { name: "t", effect: "destructive" }, "invoke", {})).toBeNull();
  expect(covers(of(["destructive"]), { name: "t", effect: "read" }, "invoke", {})).toEqual({ part: "effect" });
});

test("whoever may use a tool may see it, and seeing does not let anybody use it", () => {
  const see: Scope = { ...scope("/a", one), actions: ["discover"] };
  expect(covers(scope("/a", one), tool, "discover", undefined)).toBeNull();
  expect(covers(see, tool, "discover", undefined)).toBeNull();
  expect(covers(see, tool, "invoke", { a: 1 })).toEqual({ part: "action" });
});
