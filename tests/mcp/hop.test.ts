import fc from "fast-check";
import { expect, it } from "vitest";
import { findValue, replaceSpans } from "#lib/mcp/stdio/rewrite.ts";

it("finds the value at any path of any JSON object and changes nothing else", () => {
  const path = fc.array(fc.string(), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      path,
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(0, 2),
      (names, value, others, indent) => {
        const nested = names.reduceRight<unknown>((inner, name) => ({ ...others, [name]: inner }), value);
        const text = JSON.stringify(nested, null, indent);
        const span = findValue(text, names);
        if (!span) throw new Error("not found");
        expect(JSON.parse(text.slice(span.start, span.end))).toEqual(JSON.parse(JSON.stringify(value)));
        const marked = replaceSpans(text, [{ span, with: '"mark"' }]);
        expect(marked).toBe(`${text.slice(0, span.start)}"mark"${text.slice(span.end)}`);
        expect(() => JSON.parse(marked)).not.toThrow();
      },
    ),
  );
});

it("finds nothing where a part of the path is absent or no object", () => {
  for (const text of ["{}", '{"a":1}', '{"a":{"c":1}}', '[{"a":{"b":1}}]', '{"x":{"a":{"b":1}}}']) {
    expect(findValue(text, ["a", "b"])).toBeNull();
  }
});
