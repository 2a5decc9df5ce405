import fc from "fast-check";
import { ROLES, type Role } from "#lib/core/principal.ts";
import type { Delegation, Owner, Person } from "#lib/core/review/eligibility.ts";
import { type Stage, type StageKind, stageKinds } from "#lib/core/review/stages.ts";
import type { Review, ReviewFacts } from "#lib/core/review/verdict.ts";

export const digest = "d1";

/** The n-th minute of the test's day. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 10, 23, 9, n)).toISOString();

export const person = (id: string, roles: Role[] = [], teamIds: string[] = []): Person => ({
  id,
  active: true,
  roles,
  teamIds,
});

/** A connector asked for by `requester`, with one confirmed owner and a reviewer of each kind. */
export const calmFacts: ReviewFacts = {
  requesterId: "requester",
  lastEditorId: "editor",
  benefitingAgentOwnerIds: ["agent-owner"],
  owners: [{ kind: "user", id: "owner", role: "accountable", namedBy: "requester", confirmed: true }],
  delegations: [],
  people: [
    person("requester", ["security_reviewer"]),
    person("editor", ["security_reviewer"]),
    person("agent-owner", ["security_reviewer"]),
    person("owner"),
    person("security-1", ["security_reviewer"]),
    person("security-2", ["security_reviewer"]),
    person("data-protection", ["data_protection_reviewer"]),
    person("platform", ["platform_reviewer"]),
    person("administrator", ["administrator"]),
    person("stand-in"),
  ],
};

/** The whole day out of office. */
export const away = (userId: string, delegateId: string): Delegation => ({
  userId,
  delegateId,
  startsAt: minute(0),
  endsAt: minute(600),
});

export const review = (reviewerId: string, stageKind: StageKind, at: number, change: Partial<Review> = {}): Review => ({
  reviewerId,
  onBehalfOf: null,
  stageKind,
  verdict: "approve",
  digest,
  tools: null,
  conditions: { holdTools: [], agentIds: null, expiresAt: null },
  at: minute(at),
  ...change,
});

const ids = ["p0", "p1", "p2", "p3", "p4", "p5"];
const someone = fc.constantFrom(...ids);
const team = fc.constantFrom("t0", "t1");

const anyOwner: fc.Arbitrary<Owner> = fc
  .record({
    user: fc.boolean(),
    person: someone,
    team,
    role: fc.constantFrom<Owner["role"]>("accountable", "technical", "security"),
    namedBy: someone,
    confirmed: fc.boolean(),
  })
  .map(({ user, person: id, team: teamId, ...rest }) => ({
    kind: user ? "user" : "team",
    id: user ? id : teamId,
    ...rest,
  }));

const anyDelegation: fc.Arbitrary<Delegation> = fc.record({
  userId: someone,
  delegateId: someone,
  startsAt: fc.constantFrom(minute(0), minute(10)),
  endsAt: fc.constantFrom(minute(5), minute(60)),
});

/** Random roles, teams, ownerships and delegations among six people. */
export const anyFacts: fc.Arbitrary<ReviewFacts> = fc.record({
  requesterId: someone,
  lastEditorId: fc.option(someone),
  benefitingAgentOwnerIds: fc.array(someone, { maxLength: 1 }),
  owners: fc.array(anyOwner, { maxLength: 3 }),
  delegations: fc.array(anyDelegation, { maxLength: 4 }),
  people: fc
    .tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          active: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
          roles: fc.uniqueArray(fc.constantFrom(...ROLES, "security_reviewer" as const), { maxLength: 3 }),
          teamIds: fc.uniqueArray(team, { maxLength: 1 }),
        }),
      ),
    )
    .map((people): Person[] => [...people]),
});

/** One to three stages, the last possibly waiting for the others. */
export const anyStages: fc.Arbitrary<Stage[]> = fc
  .record({
    kinds: fc.uniqueArray(fc.constantFrom(...stageKinds), { minLength: 1, maxLength: 3 }),
    quorums: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.constant(1), fc.constant(1)),
    lastWaits: fc.boolean(),
  })
  .map(({ kinds, quorums, lastWaits }) =>
    kinds.map((kind, i) => ({
      kind,
      quorum: quorums[i] ?? 1,
      after: lastWaits && i > 0 && i === kinds.length - 1 ? kinds.slice(0, i) : [],
    })),
  );

/** Reviews in any order by anybody on anything, mostly approvals of the right digest, half of them for another person. */
export const anyReviews: fc.Arbitrary<Review[]> = fc.array(
  fc
    .record({
      reviewerId: someone,
      onBehalfOf: fc.option(someone, { freq: 2 }),
      stageKind: fc.constantFrom(...stageKinds),
      verdict: fc.oneof(
        { weight: 40, arbitrary: fc.constant("approve" as const) },
        { weight: 1, arbitrary: fc.constantFrom("deny" as const, "request_changes" as const) },
      ),
      digest: fc.oneof({ weight: 9, arbitrary: fc.constant(digest) }, { weight: 1, arbitrary: fc.constant("d0") }),
      at: fc.nat(20),
    })
    .map(({ reviewerId, stageKind, at, ...rest }) => review(reviewerId, stageKind, at, rest)),
  { maxLength: 30, size: "max" },
);
