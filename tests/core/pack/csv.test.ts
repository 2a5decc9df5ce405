import fc from "fast-check";
import { expect, test } from "vitest";
import { cellText, csvRow, parseCsv, writeCsv } from "#lib/core/pack/csv.ts";

test("cells are quoted as RFC 4180 says", () => {
  expect(csvRow(["plain", 'say "hi"', "a,b", "two\r\nlines", "", null, 1.5, true, " x"])).toBe(
    'plain,"say ""hi""","a,b","two\r\nlines",,,1.5,true," x"\r\n',
  );
});

test("no cell starts a formula, and numbers stay numbers", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]) expect(cellText(text)).toBe(`'${text}`);
  expect(cellText(-5)).toBe("-5");
  expect(cellText("a=b")).toBe("a=b");
});

test("what is written is read back cell by cell, and nothing else is read", () => {
  const cell = fc.oneof(fc.string(), fc.stringMatching(/^[=+\-@",\r\n a]{0,6}$/), fc.integer(), fc.constant(null));
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
  fc.assert(
    fc.property(table, (rows) => {
      const text = writeCsv(rows);
      expect(parseCsv(text)).toEqual(rows.map((row) => row.map(cellText)));
      for (const read of parseCsv(text)) for (const shown of read) expect(shown).not.toMatch(/^[=+@\t\r]/);
    }),
  );
  for (const text of ["a", "a\n", "a,", "a,b\r\nc\r\n", '"a"\r\n', '"a\r\n', '"a"b\r\n', 'a"b\r\n', "a\rb\r\n"]) {
    expect(() => parseCsv(text), JSON.stringify(text)).toThrow(TypeError);
  }
  expect(parseCsv("")).toEqual([]);
});
