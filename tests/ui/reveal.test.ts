import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countHidden, reveal } from "#components/ui/reveal.ts";
import { toCsv } from "#components/ui/table-csv.ts";

const marks = (text: string) => reveal(text).flatMap((segment) => (segment.kind === "mark" ? [segment.label] : []));

describe("hostile text", () => {
  it("shows every kind of character a reader would not see", () => {
    expect(marks("a\u200Bb")).toEqual(["U+200B"]);
    expect(marks("\u202Egpj.exe\u202C")).toEqual(["U+202E", "U+202C"]);
    expect(marks("\u2066x\u2069 \uFEFF \u00AD \u3164 \uFE0F")).toEqual([
      "U+2066",
      "U+2069",
      "U+FEFF",
      "U+00AD",
      "U+3164",
      "U+FE0F",
    ]);
    expect(marks("a\u0000b\rc\u0085")).toEqual(["U+0000", "U+000D", "U+0085"]);
    expect(marks("\u001B[31mred\u001B[0m")).toEqual(["ESC[31m", "ESC[0m"]);
    expect(marks("\u00A0\u2003")).toEqual(["U+00A0", "U+2003"]);
    expect(marks("\uD800")).toEqual(["U+D800"]);
    expect(marks("a\u0301\u0302\u0303\u0304\u0305")).toEqual(["5 combining marks"]);
  });

  it("reads out what tag characters say", () => {
    const hidden = [..."send it"].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join("");
    expect(marks(`hello${hidden}`)).toEqual(["TAG “send it”"]);
  });

  it("counts repeats as one mark and leaves ordinary text of any script alone", () => {
    expect(marks("\u200B\u200B\u200B")).toEqual(["U+200B ×3"]);
    expect(countHidden(reveal("\u200B\u200B\u200B"))).toBe(3);
    expect(marks("Größe, naïve, 日本語, עברית, हिन्दी\n\ttabs")).toEqual([]);
  });

  it("loses nothing and shows no hidden character as text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const segments = reveal(text);
        expect(segments.map((segment) => segment.text).join("")).toBe(text);
        for (const segment of segments)
          if (segment.kind === "text") expect(segment.text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("export as CSV", () => {
  it("quotes by RFC 4180 and never hands a formula to a spreadsheet", () => {
    expect(
      toCsv(
        ["a", "b"],
        [
          ['say "hi", now', -3],
          ["=HYPERLINK(1)", null],
          ["@x", true],
        ],
      ),
    ).toBe('a,b\r\n"say ""hi"", now",-3\r\n\'=HYPERLINK(1),\r\n\'@x,true\r\n');
  });
});
