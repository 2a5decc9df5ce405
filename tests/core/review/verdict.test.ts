import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { next } from "#lib/core/lifecycle/machine.ts";
import { type RequestState, requestEvents, requestTable } from "#lib/core/lifecycle/request.ts";
import { defaultTierSettings, type Stage, type StageKind, stagesFor } from "#lib/core/review/stages.ts";
import { combine, outcome, progress, type Review, type ReviewFacts, votesOf } from "#lib/core/review/verdict.ts";
import {
  anyFacts,
  anyReviews,
  anyStages,
  away,
  calmFacts,
  digest,
  minute,
  person,
  review,
} from "#tests/core/review/request-world.ts";

const stages = stagesFor("connector", "high", defaultTierSettings, { grantIsWide: false, unchanged: false }).stages;
const complete = [
  review("security-1", "security", 1),
  review("security-2", "security", 2),
  review("owner", "owner", 3),
  review("data-protection", "data_protection", 4),
  review("platform", "platform", 5),
];
const conditions = (change: Partial<Review["conditions"]>) => ({
  conditions: { holdTools: [], agentIds: null, expiresAt: null, ...change },
});
const result = (reviews: Review[], facts: ReviewFacts = calmFacts) => outcome(stages, reviews, digest, facts);
const stand = (reviews: Review[], facts: ReviewFacts = calmFacts) =>
  progress(stages, reviews, digest, facts).map(({ kind, counted, open, satisfied }) => [
    kind,
    counted,
    open,
    satisfied,
  ]);

/** Whether a person has a stake in the request, written down a second time, straight from the words of the rule. */
function hasStake(id: string, facts: ReviewFacts): boolean {
  const teams = facts.people.find((p) => p.id === id)?.teamIds ?? [];
  return (
    id === facts.requesterId ||
    id === facts.lastEditorId ||
    facts.benefitingAgentOwnerIds.includes(id) ||
    facts.owners.some(
      (o) =>
        !o.confirmed && o.namedBy === facts.requesterId && (o.kind === "user" ? o.id === id : teams.includes(o.id)),
    )
  );
}

function standsInFor(id: string, at: string, facts: ReviewFacts): string[] {
  return facts.delegations.filter((d) => d.delegateId === id && d.startsAt <= at && at < d.endsAt).map((d) => d.userId);
}

function isClean(id: string, at: string, facts: ReviewFacts): boolean {
  return !hasStake(id, facts) && !standsInFor(id, at, facts).some((other) => hasStake(other, facts));
}

function isEntitled(id: string, stage: StageKind, facts: ReviewFacts): boolean {
  const found = facts.people.find((p) => p.id === id);
  if (found === undefined || !found.active) return false;
  if (stage !== "owner") return found.roles.includes(`${stage}_reviewer`);
  return facts.owners.some((o) => o.confirmed && (o.kind === "user" ? o.id === id : found.teamIds.includes(o.id)));
}

/** The different people whose valid approvals of the digest a stage has, at most. */
function approvers(stage: StageKind, reviews: readonly Review[], facts: ReviewFacts): Set<string> {
  const valid = reviews.filter(({ reviewerId, onBehalfOf, stageKind, verdict, digest: of, at }) => {
    if (stageKind !== stage || verdict !== "approve" || of !== digest || !isClean(reviewerId, at, facts)) return false;
    if (onBehalfOf === null) return isEntitled(reviewerId, stage, facts);
    if (onBehalfOf !== reviewerId && !standsInFor(reviewerId, at, facts).includes(onBehalfOf)) return false;
    return isClean(onBehalfOf, at, facts) && isEntitled(onBehalfOf, stage, facts);
  });
  return new Set(valid.map(({ reviewerId, onBehalfOf }) => onBehalfOf ?? reviewerId));
}

function assertStaffed(required: readonly Stage[], reviews: readonly Review[], facts: ReviewFacts): void {
  const sets = required.map(({ kind, quorum }) => ({ quorum, people: approvers(kind, reviews, facts) }));
  for (const { quorum, people } of sets) expect(people.size).toBeGreaterThanOrEqual(quorum);
  const everyone = new Set(sets.flatMap(({ people }) => [...people]));
  expect(everyone.size).toBeGreaterThanOrEqual(required.reduce((sum, { quorum }) => sum + quorum, 0));
  expect(everyone.has(facts.requesterId)).toBe(false);
}

describe("in any graph of roles, teams, ownerships and delegations", () => {
  test("nothing is approved without its quorum of distinct, eligible people of exactly this digest", () => {
    let approved = 0;
    fc.assert(
      fc.property(anyStages, anyReviews, anyFacts, (required, reviews, facts) => {
        if (outcome(required, reviews, digest, facts) !== "approved") return;
        approved += 1;
        assertStaffed(required, reviews, facts);
      }),
      { numRuns: 5000 },
    );
    expect(approved).toBeGreaterThan(50);
  });

  test("nobody counts twice, by themselves or by a delegate", () => {
    fc.assert(
      fc.property(anyStages, anyReviews, anyFacts, (required, reviews, facts) => {
        const voters = votesOf(required, reviews, digest, facts).flatMap(({ reviewerId, onBehalfOf }) => [
          ...new Set([reviewerId, onBehalfOf ?? reviewerId]),
        ]);
        expect(new Set(voters).size).toBe(voters.length);
      }),
      { numRuns: 2000 },
    );
  });

  test("one eligible denial denies, and no approval before or after it helps", () => {
    let denied = 0;
    fc.assert(
      fc.property(anyStages, anyReviews, anyFacts, anyReviews, (required, reviews, facts, more) => {
        if (outcome(required, reviews, digest, facts) !== "denied") return;
        denied += 1;
        expect(outcome(required, [...more, ...reviews, ...more], digest, facts)).toBe("denied");
      }),
      { numRuns: 2000 },
    );
    expect(denied).toBeGreaterThan(0);
  });

  test("a changed digest voids every review", () => {
    fc.assert(
      fc.property(anyStages, anyReviews, anyFacts, (required, reviews, facts) => {
        expect(outcome(required, reviews, "d2", facts)).toBe("in_review");
        expect(
          progress(required, reviews, "d2", facts).some(({ counted, satisfied }) => counted > 0 || satisfied),
        ).toBe(false);
        expect(votesOf(required, reviews, "d2", facts)).toEqual([]);
      }),
    );
  });
});

describe("in any life of a request", () => {
  const step = fc.oneof(
    fc.record({ event: fc.constantFrom(...requestEvents.filter((event) => event !== "approve")) }),
    anyReviews.map((reviews) => ({ reviews })),
  );
  const events = {
    approved: "approve",
    denied: "deny",
    changes_requested: "request_changes",
    in_review: null,
  } as const;

  test("approved is reached by staffed stages of the last digest only, and no end is ever left", () => {
    let approved = 0;
    fc.assert(
      fc.property(anyStages, anyFacts, fc.array(step, { maxLength: 12 }), (required, facts, steps) => {
        let [state, round, ended]: [RequestState, number, RequestState | null] = ["draft", 0, null];
        let given: Review[] = [];
        for (const current of [{ event: "submit" }, { event: "begin_review" }, ...steps] as typeof steps) {
          if ("event" in current) {
            if (current.event === "digest_changed" && next(requestTable, state, "digest_changed") !== null) round += 1;
            state = next(requestTable, state, current.event) ?? state;
          } else {
            given = [...given, ...current.reviews.map((r) => ({ ...r, digest: `${r.digest}-${round}` }))];
            const event = events[outcome(required, given, `${digest}-${round}`, facts)];
            state = (event && next(requestTable, state, event)) ?? state;
          }
          if (ended !== null) expect(state).toBe(ended);
          if (ended === null && ["approved", "denied", "withdrawn", "expired"].includes(state)) ended = state;
          if (state !== "approved" || ended !== state) continue;
          approved += 1;
          const ofLast = given.filter((r) => r.digest === `${digest}-${round}`).map((r) => ({ ...r, digest }));
          assertStaffed(required, ofLast, facts);
        }
      }),
      { numRuns: 3000 },
    );
    expect(approved).toBeGreaterThan(20);
  });
});

describe("a request of the high tier", () => {
  test("is approved by two from security, an owner, data protection, and then platform", () => {
    for (let n = 0; n < complete.length; n += 1) expect(result(complete.slice(0, n))).toBe("in_review");
    expect(result(complete)).toBe("approved");
  });

  test("shows what is counted, and opens platform last", () => {
    expect(stand(complete.slice(0, 3))).toEqual([
      ["security", 2, true, true],
      ["owner", 1, true, true],
      ["data_protection", 0, true, false],
      ["platform", 0, false, false],
    ]);
    expect(stand(complete.slice(0, 4))[3]).toEqual(["platform", 0, true, false]);
  });

  test("does not count platform's approval that was given before its turn", () => {
    const early = [review("platform", "platform", 0), ...complete.slice(0, 4)];
    expect(result(early)).toBe("in_review");
    expect(result([...early, review("platform", "platform", 6)])).toBe("approved");
  });

  test("does not count the same person twice, also on behalf of another", () => {
    const facts = { ...calmFacts, delegations: [away("security-2", "security-1")] };
    const twice = [complete[0], review("security-1", "security", 2, { onBehalfOf: "security-2" })].filter((r) => !!r);
    expect(stand(twice, facts)[0]).toEqual(["security", 1, true, false]);
  });

  test("counts a delegate's approval as the one vote of the person that they stand in for", () => {
    const facts = { ...calmFacts, delegations: [away("security-1", "stand-in")] };
    const byDelegate = review("stand-in", "security", 1, { onBehalfOf: "security-1" });
    expect(stand([byDelegate], facts)[0]?.[1]).toBe(1);
    expect(stand([byDelegate, review("security-1", "security", 2)], facts)[0]?.[1]).toBe(1);
    expect(stand([byDelegate], calmFacts)[0]?.[1]).toBe(0);
  });

  test("is denied by one denial among all approvals, but not by somebody who may not decide", () => {
    expect(result([...complete, review("security-1", "security", 9, { verdict: "deny" })])).toBe("denied");
    expect(result([review("security-1", "security", 0, { verdict: "deny" }), ...complete])).toBe("denied");
    expect(result([...complete, review("requester", "security", 9, { verdict: "deny" })])).toBe("approved");
  });

  test("waits for changes while asking for them is the latest word, and the asker's approval is taken back", () => {
    const asked = [...complete.slice(0, 4), review("security-1", "security", 6, { verdict: "request_changes" })];
    expect(result(asked)).toBe("changes_requested");
    expect(stand(asked)[0]).toEqual(["security", 1, true, false]);
    expect(result([...asked, review("platform", "platform", 7)])).toBe("in_review");
  });

  test("does not count reviewers who lost their role or were suspended", () => {
    for (const change of [{ roles: [] }, { active: false }]) {
      const people = calmFacts.people.map((p) => (p.id === "security-2" ? { ...p, ...change } : p));
      expect(result(complete, { ...calmFacts, people })).toBe("in_review");
    }
  });

  test("is not approved by approvals that have no tool in common", () => {
    const apart = complete.map((r, i) => ({ ...r, tools: [i === 0 ? "read_file" : "search"] }));
    expect(result(apart)).toBe("in_review");
    expect(combine(apart, { approvedAt: minute(9), grantMaxDays: 90 }).refused).toBe("no_tool_in_common");
  });
});

describe("a request without stages", () => {
  test("is never approved", () => {
    expect(outcome([], complete, digest, calmFacts)).toBe("in_review");
    const none = [{ kind: "security", quorum: 0, after: [] } as const];
    expect(outcome(none, [], digest, { ...calmFacts, people: [person("x")] })).toBe("in_review");
  });
});

describe("approvals together", () => {
  const bound = { approvedAt: minute(10), grantMaxDays: 90 };

  test("allow what all allow, hold what any holds, and end with the first", () => {
    const { allowed } = combine(
      [
        review("security-1", "security", 1, {
          tools: ["b", "a", "c"],
          ...conditions({ holdTools: ["b"], agentIds: ["agt_1", "agt_2"], expiresAt: "2027-01-01T00:00:00.000Z" }),
        }),
        review("owner", "owner", 2),
        review("platform", "platform", 3, {
          tools: ["a", "b"],
          ...conditions({ holdTools: ["a", "b"], agentIds: ["agt_2"], expiresAt: "2026-12-24T00:00:00.000Z" }),
        }),
      ],
      bound,
    );
    expect(allowed).toEqual({
      tools: ["a", "b"],
      holdTools: ["a", "b"],
      agentIds: ["agt_2"],
      expiresAt: "2026-12-24T00:00:00.000Z",
    });
  });

  test("allow everything where nobody limits it, until the tier's longest", () => {
    expect(combine([review("owner", "owner", 1)], bound).allowed).toEqual({
      tools: null,
      holdTools: [],
      agentIds: null,
      expiresAt: "2027-02-21T09:10:00.000Z",
    });
    const long = review("owner", "owner", 1, conditions({ expiresAt: "2030-01-01T00:00:00.000Z" }));
    expect(combine([long], bound).allowed?.expiresAt).toBe("2027-02-21T09:10:00.000Z");
  });

  test("are refused where no agent is left, or the end has passed or is no time", () => {
    const agents = ["agt_1", "agt_2"].map((id) => review("owner", "owner", 1, conditions({ agentIds: [id] })));
    expect(combine(agents, bound).refused).toBe("no_agent_in_common");
    for (const expiresAt of [bound.approvedAt, "never"]) {
      expect(combine([review("owner", "owner", 1, conditions({ expiresAt }))], bound).refused).toBe(
        "expires_before_approval",
      );
    }
  });
});
