import { describe, expect, test } from "vitest";
import {
  defaultTierSettings,
  isWideGrant,
  type StageRule,
  settingsProblems,
  stagesFor,
  type TierSettings,
} from "#lib/core/review/stages.ts";

const narrow = { grantIsWide: false, unchanged: true };
const wide = { grantIsWide: true, unchanged: false };
const said = (plan: ReturnType<typeof stagesFor>) => plan.stages.map(({ kind, quorum }) => `${kind} ×${quorum}`);

describe("the stages of a request", () => {
  test("follow the tier for a connector and for a version", () => {
    for (const kind of ["connector", "version"] as const) {
      expect(said(stagesFor(kind, "low", defaultTierSettings, narrow))).toEqual(["security ×1"]);
      expect(said(stagesFor(kind, "medium", defaultTierSettings, narrow))).toEqual(["security ×1", "owner ×1"]);
      expect(said(stagesFor(kind, "high", defaultTierSettings, narrow))).toEqual([
        "security ×2",
        "owner ×1",
        "data_protection ×1",
        "platform ×1",
      ]);
    }
  });

  test("put platform last in the high tier, the others in parallel, each with the tier's due days", () => {
    const plan = stagesFor("connector", "high", defaultTierSettings, narrow);
    expect(plan.dueWorkingDays).toBe(5);
    expect(plan.stages.map(({ after }) => after)).toEqual([[], [], [], ["security", "owner", "data_protection"]]);
    expect(stagesFor("connector", "low", defaultTierSettings, narrow).dueWorkingDays).toBe(3);
  });

  test("take security for a wide grant, and for an extension only where it changed and is wide", () => {
    expect(said(stagesFor("grant", "high", defaultTierSettings, narrow))).toEqual(["owner ×1"]);
    expect(said(stagesFor("grant", "high", defaultTierSettings, wide))).toEqual(["owner ×1", "security ×1"]);
    expect(said(stagesFor("extension", "high", defaultTierSettings, { grantIsWide: true, unchanged: true }))).toEqual([
      "owner ×1",
    ]);
    expect(said(stagesFor("extension", "high", defaultTierSettings, wide))).toEqual(["owner ×1", "security ×1"]);
  });

  test("are frozen", () => {
    const plan = stagesFor("connector", "high", defaultTierSettings, narrow);
    expect([plan, plan.stages, ...plan.stages, plan.stages[3]?.after].every(Object.isFrozen)).toBe(true);
  });

  test("wait only for stages that the request has", () => {
    const stages: StageRule[] = [
      { kind: "security", quorum: 1 },
      { kind: "platform", quorum: 1, after: ["security", "owner"] },
    ];
    const settings = { ...defaultTierSettings, low: { ...defaultTierSettings.low, stages } };
    expect(stagesFor("connector", "low", settings, narrow).stages[1]?.after).toEqual(["security"]);
  });
});

describe("a grant is wide", () => {
  test("with anything but reading, in any tier", () => {
    for (const effect of ["write", "destructive", "unknown"] as const) {
      expect(
        isWideGrant("low", [
          { effect: "read", constrained: true },
          { effect, constrained: true },
        ]),
      ).toBe(true);
    }
  });

  test("with an unconstrained tool on medium and above", () => {
    const free = [{ effect: "read", constrained: false } as const];
    expect([isWideGrant("low", free), isWideGrant("medium", free), isWideGrant("high", free)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(isWideGrant("high", [{ effect: "read", constrained: true }])).toBe(false);
  });
});

describe("edited settings", () => {
  const low = (change: Partial<TierSettings["low"]>): TierSettings => ({
    ...defaultTierSettings,
    low: { ...defaultTierSettings.low, ...change },
  });

  test("hold by default", () => {
    expect(settingsProblems(defaultTierSettings)).toEqual([]);
  });

  test.each<[string, Partial<TierSettings["low"]>]>([
    ["no_security_stage", { stages: [{ kind: "owner", quorum: 1 }] }],
    [
      "kind_twice",
      {
        stages: [
          { kind: "security", quorum: 1 },
          { kind: "security", quorum: 1 },
        ],
      },
    ],
    ["quorum", { stages: [{ kind: "security", quorum: 0 }] }],
    ["due", { dueWorkingDays: 0 }],
    ["grant_max", { grantMaxDays: 1.5 }],
    [
      "waits_forever",
      {
        stages: [
          { kind: "security", quorum: 1, after: ["owner"] },
          { kind: "owner", quorum: 1, after: ["security"] },
        ],
      },
    ],
  ])("are refused for %s", (problem, change) => {
    expect(settingsProblems(low(change))).toEqual([{ tier: "low", problem }]);
  });
});
