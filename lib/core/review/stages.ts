import type { Effect } from "#lib/core/effect.ts";
import { type Tier, tiers } from "#lib/core/review/tier.ts";

export const stageKinds = ["security", "owner", "data_protection", "platform"] as const;
export type StageKind = (typeof stageKinds)[number];

export const requestKinds = ["connector", "version", "grant", "extension"] as const;
export type RequestKind = (typeof requestKinds)[number];

/** How many distinct people decide a stage, and which stages come first. A request has at most one stage of a kind. */
export type StageRule = { kind: StageKind; quorum: number; after?: readonly StageKind[] | undefined };

/** What a tier asks for: stages, days of work until they are due, and the longest life of a grant in calendar days. */
export type TierRules = { stages: readonly StageRule[]; dueWorkingDays: number; grantMaxDays: number };

/** Tiers and stages as an organisation edits them, under review. */
export type TierSettings = Readonly<Record<Tier, TierRules>>;

/** A stage as it freezes at submission. `after` names only stages of the same request. */
export type Stage = { readonly kind: StageKind; readonly quorum: number; readonly after: readonly StageKind[] };

/** The stages of one request and when they are due. */
export type StagePlan = { readonly stages: readonly Stage[]; readonly dueWorkingDays: number };

export const defaultTierSettings: TierSettings = {
  low: { stages: [{ kind: "security", quorum: 1 }], dueWorkingDays: 3, grantMaxDays: 365 },
  medium: {
    stages: [
      { kind: "security", quorum: 1 },
      { kind: "owner", quorum: 1 },
    ],
    dueWorkingDays: 5,
    grantMaxDays: 180,
  },
  high: {
    stages: [
      { kind: "security", quorum: 2 },
      { kind: "owner", quorum: 1 },
      { kind: "data_protection", quorum: 1 },
      { kind: "platform", quorum: 1, after: ["security", "owner", "data_protection"] },
    ],
    dueWorkingDays: 5,
    grantMaxDays: 90,
  },
};

/**
 * The stages that a request has to pass, frozen. Connectors and versions follow the tier; a grant takes an owner, and
 * security where it is wide; an extension takes an owner, and is reviewed like a grant where `unchanged` is not true.
 */
export function stagesFor(
  kind: RequestKind,
  tier: Tier,
  settings: TierSettings,
  grant: { grantIsWide: boolean; unchanged: boolean },
): StagePlan {
  const { stages, dueWorkingDays } = settings[tier];
  if (kind === "connector" || kind === "version") return freezePlan(stages, dueWorkingDays);
  const owner: StageRule = { kind: "owner", quorum: 1 };
  const alone = (kind === "extension" && grant.unchanged) || !grant.grantIsWide;
  return freezePlan(alone ? [owner] : [owner, { kind: "security", quorum: 1 }], dueWorkingDays);
}

/** True where a grant also needs security: it includes write, destructive or unknown tools, or on medium and above a tool without constraint. */
export function isWideGrant(tier: Tier, tools: readonly { effect: Effect; constrained: boolean }[]): boolean {
  return tools.some(({ effect, constrained }) => effect !== "read" || (tier !== "low" && !constrained));
}

export type SettingsProblem = {
  tier: Tier;
  problem: "no_security_stage" | "kind_twice" | "quorum" | "due" | "grant_max" | "waits_forever";
};

/** What makes edited settings unusable; empty when they hold. Every tier keeps a security stage, and no stage waits for itself. */
export function settingsProblems(settings: TierSettings): SettingsProblem[] {
  const positive = (n: number) => Number.isSafeInteger(n) && n >= 1;
  return tiers.flatMap((tier) => {
    const { stages, dueWorkingDays, grantMaxDays } = settings[tier];
    const kinds = stages.map(({ kind }) => kind);
    const problems: [SettingsProblem["problem"], boolean][] = [
      ["no_security_stage", !kinds.includes("security")],
      ["kind_twice", new Set(kinds).size < kinds.length],
      ["quorum", !stages.every(({ quorum }) => positive(quorum))],
      ["due", !positive(dueWorkingDays)],
      ["grant_max", !positive(grantMaxDays)],
      ["waits_forever", waitsForever(freezePlan(stages, dueWorkingDays).stages)],
    ];
    return problems.filter(([, found]) => found).map(([problem]) => ({ tier, problem }));
  });
}

function freezePlan(rules: readonly StageRule[], dueWorkingDays: number): StagePlan {
  const present = new Set(rules.map(({ kind }) => kind));
  const stages = rules.map(({ kind, quorum, after = [] }) =>
    Object.freeze({ kind, quorum, after: Object.freeze(after.filter((other) => present.has(other))) }),
  );
  return Object.freeze({ stages: Object.freeze(stages), dueWorkingDays });
}

/** Opens every stage whose predecessors are open, until none is left or none can. */
function waitsForever(stages: readonly Stage[]): boolean {
  const open = new Set<StageKind>();
  for (const _ of stages) {
    for (const { kind, after } of stages) if (after.every((other) => open.has(other))) open.add(kind);
  }
  return stages.some(({ kind }) => !open.has(kind));
}
