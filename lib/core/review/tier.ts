import type { Effect } from "#lib/core/effect.ts";

export const tiers = ["low", "medium", "high"] as const;
export type Tier = (typeof tiers)[number];

export const classifications = ["public", "internal", "confidential", "restricted"] as const;
export type Classification = (typeof classifications)[number];

export const toolLabels = ["sensitive", "untrusted_input", "external_send"] as const;
export type ToolLabel = (typeof toolLabels)[number];

export type FindingSeverity = "info" | "low" | "medium" | "high";

/** What the tier follows from. `tools` are those asked for, not all that the server offers. */
export type TierFacts = {
  classification: Classification;
  tools: readonly { name: string; effect: Effect; labels: readonly ToolLabel[] }[];
  transport: "streamable-http" | "stdio";
  findingSeverities: readonly FindingSeverity[];
  /** `tls` is not asked of a stdio package: nothing travels there. */
  identity: { tls: boolean; verifiable: boolean };
};

export type TierRule = "classification" | "effects" | "reach" | "transport" | "findings" | "identity";

/** One rule that raises the tier, and what made it do so (names and values, for people). */
export type TierReason = { rule: TierRule; raisesTo: Tier; detail: string };

/** True where `a` is above `b`. */
export function isHigher(a: Tier, b: Tier): boolean {
  return tiers.indexOf(a) > tiers.indexOf(b);
}

/** The tier that a request falls into: the highest that any rule raises it to, with every rule that raises it, or low with none. */
export function proposeTier(facts: TierFacts): { tier: Tier; why: TierReason[] } {
  const why = [
    ...byClassification(facts.classification),
    ...byEffects(facts.tools),
    ...byReach(facts.tools),
    ...byTransport(facts.transport),
    ...byFindings(facts.findingSeverities),
    ...byIdentity(facts),
  ];
  const tier = why.reduce<Tier>((highest, { raisesTo }) => (isHigher(raisesTo, highest) ? raisesTo : highest), "low");
  return { tier, why };
}

function byClassification(classification: Classification): TierReason[] {
  if (classification === "restricted") return [{ rule: "classification", raisesTo: "high", detail: classification }];
  if (classification === "confidential")
    return [{ rule: "classification", raisesTo: "medium", detail: classification }];
  return [];
}

function byEffects(tools: TierFacts["tools"]): TierReason[] {
  const raising = (effect: Effect, raisesTo: Tier): TierReason[] => {
    const names = tools.filter((tool) => tool.effect === effect).map(({ name }) => name);
    return names.length === 0 ? [] : [{ rule: "effects", raisesTo, detail: `${effect}: ${names.join(", ")}` }];
  };
  return [...raising("destructive", "high"), ...raising("unknown", "high"), ...raising("write", "medium")];
}

/** Whoever can read something sensitive and send something out can carry the one out by the other, also with two tools. */
function byReach(tools: TierFacts["tools"]): TierReason[] {
  const labelled = (label: ToolLabel) => tools.filter(({ labels }) => labels.includes(label)).map(({ name }) => name);
  const [sensitive, sending] = [labelled("sensitive"), labelled("external_send")];
  if (sensitive.length === 0 || sending.length === 0) return [];
  return [{ rule: "reach", raisesTo: "high", detail: `${sensitive.join(", ")} → ${sending.join(", ")}` }];
}

function byTransport(transport: TierFacts["transport"]): TierReason[] {
  return transport === "stdio" ? [{ rule: "transport", raisesTo: "medium", detail: transport }] : [];
}

function byFindings(severities: readonly FindingSeverity[]): TierReason[] {
  const high = severities.filter((severity) => severity === "high").length;
  return high === 0 ? [] : [{ rule: "findings", raisesTo: "high", detail: `${high} high` }];
}

function byIdentity({ transport, identity }: TierFacts): TierReason[] {
  const missing = [
    ...(transport !== "stdio" && !identity.tls ? ["no TLS"] : []),
    ...(identity.verifiable ? [] : ["publisher cannot be verified"]),
  ];
  return missing.length === 0 ? [] : [{ rule: "identity", raisesTo: "high", detail: missing.join(", ") }];
}
