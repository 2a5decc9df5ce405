import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effects } from "#lib/core/effect.ts";
import { classifications, isHigher, proposeTier, type TierFacts, toolLabels } from "#lib/core/review/tier.ts";

const calm: TierFacts = {
  classification: "internal",
  tools: [{ name: "search", effect: "read", labels: [] }],
  transport: "streamable-http",
  findingSeverities: [],
  identity: { tls: true, verifiable: true },
};
const tool = (effect: (typeof effects)[number], ...labels: (typeof toolLabels)[number][]) => ({
  name: `${effect}_${labels.join("_")}`,
  effect,
  labels,
});

describe("the proposed tier", () => {
  test.each<[string, Partial<TierFacts>, string, string[]]>([
    ["reading something internal", {}, "low", []],
    ["public data", { classification: "public" }, "low", []],
    ["confidential data", { classification: "confidential" }, "medium", ["classification"]],
    ["restricted data", { classification: "restricted" }, "high", ["classification"]],
    ["a writing tool", { tools: [tool("write")] }, "medium", ["effects"]],
    ["a destructive tool", { tools: [tool("read"), tool("destructive")] }, "high", ["effects"]],
    ["a tool of unknown effect", { tools: [tool("unknown")] }, "high", ["effects"]],
    ["a write and a destructive tool", { tools: [tool("write"), tool("destructive")] }, "high", ["effects", "effects"]],
    ["sensitive reading alone", { tools: [tool("read", "sensitive")] }, "low", []],
    ["sending out alone", { tools: [tool("read", "external_send")] }, "low", []],
    [
      "sensitive reading beside sending out",
      { tools: [tool("read", "sensitive"), tool("read", "external_send")] },
      "high",
      ["reach"],
    ],
    ["one tool that does both", { tools: [tool("read", "sensitive", "external_send")] }, "high", ["reach"]],
    ["a package", { transport: "stdio", identity: { tls: false, verifiable: true } }, "medium", ["transport"]],
    ["a high finding", { findingSeverities: ["low", "high"] }, "high", ["findings"]],
    ["lower findings", { findingSeverities: ["info", "low", "medium"] }, "low", []],
    ["no TLS", { identity: { tls: false, verifiable: true } }, "high", ["identity"]],
    ["an unverifiable publisher", { identity: { tls: true, verifiable: false } }, "high", ["identity"]],
  ])("of %s", (_, change, tier, rules) => {
    const proposed = proposeTier({ ...calm, ...change });
    expect(proposed.tier).toBe(tier);
    expect(proposed.why.map(({ rule }) => rule)).toEqual(rules);
  });

  test("names what raised it", () => {
    const { why } = proposeTier({ ...calm, tools: [tool("write"), tool("read", "sensitive", "external_send")] });
    expect(why).toEqual([
      { rule: "effects", raisesTo: "medium", detail: "write: write_" },
      { rule: "reach", raisesTo: "high", detail: "read_sensitive_external_send → read_sensitive_external_send" },
    ]);
  });

  test("never falls when a tool or a finding is added", () => {
    const tools = fc.array(
      fc.record({
        name: fc.string(),
        effect: fc.constantFrom(...effects),
        labels: fc.uniqueArray(fc.constantFrom(...toolLabels)),
      }),
    );
    const severities = fc.array(fc.constantFrom("info", "low", "medium", "high"));
    const facts = fc.record({
      classification: fc.constantFrom(...classifications),
      tools,
      transport: fc.constantFrom("streamable-http", "stdio"),
      findingSeverities: severities,
      identity: fc.record({ tls: fc.boolean(), verifiable: fc.boolean() }),
    });
    fc.assert(
      fc.property(facts, tools, severities, (before, moreTools, moreFindings) => {
        const after = {
          ...before,
          tools: [...before.tools, ...moreTools],
          findingSeverities: [...before.findingSeverities, ...moreFindings],
        };
        expect(isHigher(proposeTier(before).tier, proposeTier(after).tier)).toBe(false);
      }),
    );
  });
});
