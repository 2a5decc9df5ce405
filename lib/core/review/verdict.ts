import { ineligible, type RequestFacts, type Vote } from "#lib/core/review/eligibility.ts";
import type { Stage, StageKind } from "#lib/core/review/stages.ts";

/** What an approval asks for in return: tools held for a person, agents that may call (null: any), an end (ISO 8601). */
export type Conditions = { holdTools: readonly string[]; agentIds: readonly string[] | null; expiresAt: string | null };

/** One person's verdict on one stage of one digest. `tools` are those approved, null for all. `at` is ISO 8601. */
export type Review = {
  reviewerId: string;
  onBehalfOf: string | null;
  stageKind: StageKind;
  verdict: "approve" | "deny" | "request_changes";
  digest: string;
  tools: readonly string[] | null;
  conditions: Conditions;
  at: string;
};

/** Facts of the request without its votes, which follow from the reviews. */
export type ReviewFacts = Omit<RequestFacts, "votes">;

/** How far a stage is. `counted` are distinct eligible people; a stage that is not `open` waits for others first. */
export type StageProgress = { kind: StageKind; quorum: number; counted: number; open: boolean; satisfied: boolean };

export type Outcome = "approved" | "denied" | "changes_requested" | "in_review";

/** What the counted approvals allow together. */
export type Combined = {
  tools: readonly string[] | null;
  holdTools: readonly string[];
  agentIds: readonly string[] | null;
  expiresAt: string;
};

/** Why approvals that are all there still allow nothing together. */
export type Disagreement = "no_tool_in_common" | "no_agent_in_common" | "expires_before_approval";

/**
 * The approvals that count, oldest first: of exactly this digest, by eligible people, each person once on the whole
 * request, as the latest verdict of theirs on that stage, and given when the stage was open.
 */
export function countedApprovals(
  stages: readonly Stage[],
  reviews: readonly Review[],
  digest: string,
  facts: ReviewFacts,
): Review[] {
  const counted: Review[] = [];
  for (const review of latestVerdicts(eligibleReviews(reviews, digest, facts))) {
    const stage = stages.find(({ kind }) => kind === review.stageKind);
    if (review.verdict !== "approve" || stage === undefined || !isOpen(stage, stages, counted)) continue;
    if (counted.some((other) => sharePerson(other, review))) continue;
    counted.push(review);
  }
  return counted;
}

/** Where each stage stands. */
export function progress(
  stages: readonly Stage[],
  reviews: readonly Review[],
  digest: string,
  facts: ReviewFacts,
): StageProgress[] {
  const counted = countedApprovals(stages, reviews, digest, facts);
  return stages.map((stage) => ({
    kind: stage.kind,
    quorum: stage.quorum,
    counted: count(stage, counted),
    open: isOpen(stage, stages, counted),
    satisfied: isSatisfied(stage, counted),
  }));
}

/**
 * What the reviews of this digest come to. One eligible denial denies, whatever was approved; else the latest eligible
 * review decides whether changes are asked for; else all stages must hold and the approvals allow something together.
 */
export function outcome(
  stages: readonly Stage[],
  reviews: readonly Review[],
  digest: string,
  facts: ReviewFacts,
): Outcome {
  const eligible = eligibleReviews(reviews, digest, facts);
  if (eligible.some(({ verdict }) => verdict === "deny")) return "denied";
  if (eligible.at(-1)?.verdict === "request_changes") return "changes_requested";
  const counted = countedApprovals(stages, reviews, digest, facts);
  const complete = stages.length > 0 && stages.every((stage) => isSatisfied(stage, counted));
  return complete && inCommon(counted) === null ? "approved" : "in_review";
}

/** The votes that a stage's eligibility looks at, for the reviews of this digest. */
export function votesOf(
  stages: readonly Stage[],
  reviews: readonly Review[],
  digest: string,
  facts: ReviewFacts,
): Vote[] {
  return countedApprovals(stages, reviews, digest, facts).map(({ stageKind, reviewerId, onBehalfOf }) => ({
    stageKind,
    reviewerId,
    onBehalfOf,
  }));
}

/**
 * What the counted approvals allow together: the tools and agents that all of them allow, every hold of any, and the
 * earliest end, at most `grantMaxDays` calendar days after `approvedAt`. Refused where nothing is left.
 */
export function combine(
  approvals: readonly Review[],
  { approvedAt, grantMaxDays }: { approvedAt: string; grantMaxDays: number },
): { refused: null; allowed: Combined } | { refused: Disagreement; allowed: null } {
  const refused = inCommon(approvals);
  if (refused !== null) return { refused, allowed: null };
  const start = Date.parse(approvedAt);
  const ends = approvals.flatMap(({ conditions: { expiresAt } }) =>
    expiresAt === null ? [] : [Date.parse(expiresAt)],
  );
  const end = Math.min(start + grantMaxDays * 86_400_000, ...ends);
  if (!(end > start)) return { refused: "expires_before_approval", allowed: null };
  const allowed: Combined = {
    tools: intersection(approvals.map(({ tools }) => tools)),
    holdTools: [...new Set(approvals.flatMap(({ conditions }) => conditions.holdTools))].sort(),
    agentIds: intersection(approvals.map(({ conditions }) => conditions.agentIds)),
    expiresAt: new Date(end).toISOString(),
  };
  return { refused: null, allowed };
}

function eligibleReviews(reviews: readonly Review[], digest: string, facts: ReviewFacts): Review[] {
  return reviews
    .filter((review) => review.digest === digest)
    .filter(({ reviewerId, onBehalfOf, stageKind, at }) => {
      return ineligible(reviewerId, onBehalfOf, stageKind, { ...facts, votes: [] }, at) === null;
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Whoever reviewed a stage again took the earlier verdict back. */
function latestVerdicts(reviews: readonly Review[]): Review[] {
  return reviews.filter(
    (review, index) =>
      !reviews.slice(index + 1).some((later) => later.stageKind === review.stageKind && voter(later) === voter(review)),
  );
}

function voter({ reviewerId, onBehalfOf }: Review): string {
  return onBehalfOf ?? reviewerId;
}

function sharePerson(a: Review, b: Review): boolean {
  return [a.reviewerId, voter(a)].some((id) => id === b.reviewerId || id === voter(b));
}

function count({ kind }: Stage, counted: readonly Review[]): number {
  return counted.filter(({ stageKind }) => stageKind === kind).length;
}

function isSatisfied(stage: Stage, counted: readonly Review[]): boolean {
  return stage.quorum >= 1 && count(stage, counted) >= stage.quorum;
}

function isOpen({ after }: Stage, stages: readonly Stage[], counted: readonly Review[]): boolean {
  return stages.every((stage) => !after.includes(stage.kind) || isSatisfied(stage, counted));
}

function inCommon(approvals: readonly Review[]): "no_tool_in_common" | "no_agent_in_common" | null {
  if (intersection(approvals.map(({ tools }) => tools))?.length === 0) return "no_tool_in_common";
  if (intersection(approvals.map(({ conditions }) => conditions.agentIds))?.length === 0) return "no_agent_in_common";
  return null;
}

/** What all sets contain, sorted; null stands for everything. */
function intersection(sets: readonly (readonly string[] | null)[]): string[] | null {
  const limited = sets.filter((set) => set !== null);
  const [first, ...rest] = limited;
  if (first === undefined) return null;
  return [...new Set(first)].filter((item) => rest.every((set) => set.includes(item))).sort();
}
