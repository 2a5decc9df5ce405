import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";

test("the primitive example of RFC 8785 section 3.2.2 comes out as printed there", () => {
  const value = {
    numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  expect(canonicalize(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("members are sorted by UTF-16 code units, as in RFC 8785 section 3.2.3", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  expect(Object.values(JSON.parse(canonicalize(value)) as object).sort()).toEqual(Object.values(value).sort());
  expect([...canonicalize(value).matchAll(/:"([^"]*)"/g)].map((match) => match[1])).toEqual([
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

test.each([
  [-0, "0"],
  [5e-324, "5e-324"],
  [-1.7976931348623157e308, "-1.7976931348623157e+308"],
  [9007199254740992, "9007199254740992"],
  [295147905179352830000, "295147905179352830000"],
  [9.999999999999997e22, "9.999999999999997e+22"],
  [1e23, "1e+23"],
  [1e-7, "1e-7"],
  [0.000001, "0.000001"],
  [333333333.3333332, "333333333.3333332"],
  [1424953923781206.2, "1424953923781206.2"],
])("the number %d is written as RFC 8785 appendix B says", (number, text) => {
  expect(canonicalize(number)).toBe(text);
});

test("what JSON cannot carry faithfully is refused instead of vanishing", () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  const refused: unknown[] = [
    undefined,
    { a: undefined },
    [undefined],
    new Array(1),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    () => 1,
    Symbol("s"),
    new Date(0),
    new Map(),
    new Uint8Array(1),
    "\ud800",
    { "\udc00": 1 },
    deep(201),
  ];
  for (const value of refused) expect(() => canonicalize(value as JsonValue)).toThrow(TypeError);
  expect(canonicalize(deep(200) as JsonValue)).toHaveLength(401);
  expect(canonicalize(JSON.parse('{"__proto__":1}') as JsonValue)).toBe('{"__proto__":1}');
});

test("the text says the same value whatever the order of members, and is its own canonical form", () => {
  const shuffle = (value: JsonValue): JsonValue =>
    value === null || typeof value !== "object"
      ? value
      : Array.isArray(value)
        ? value.map(shuffle)
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, member]) => [name, shuffle(member)]),
          );
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (raw) => {
      const value = JSON.parse(JSON.stringify(raw)) as JsonValue;
      const text = canonicalize(value);
      expect(JSON.parse(text)).toEqual(value);
      expect(canonicalize(shuffle(value))).toBe(text);
      expect(canonicalize(JSON.parse(text) as JsonValue)).toBe(text);
    }),
  );
});
