import type { Role } from "#lib/core/principal.ts";
import type { Stage, StageKind } from "#lib/core/review/stages.ts";

/** The role that decides a stage. The owner stage takes an owner instead. */
export const reviewerRoles: Readonly<Record<Exclude<StageKind, "owner">, Role>> = {
  security: "security_reviewer",
  data_protection: "data_protection_reviewer",
  platform: "platform_reviewer",
};

/** A person as a request sees them: roles and memberships as of now. */
export type Person = { id: string; active: boolean; roles: readonly Role[]; teamIds: readonly string[] };

/** An owner of the connector, who named it (a person's id) and whether security confirmed it. */
export type Owner = {
  kind: "user" | "team";
  id: string;
  role: "accountable" | "technical" | "security";
  namedBy: string;
  confirmed: boolean;
};

/** Out of office: `delegateId` may act for `userId` from `startsAt` until before `endsAt` (ISO 8601; a cancelled one ends at its cancelling). */
export type Delegation = { userId: string; delegateId: string; startsAt: string; endsAt: string };

/** Whose approvals a stage already counts: the reviewer and, for a delegate, the person acted for. */
export type Vote = { stageKind: StageKind; reviewerId: string; onBehalfOf: string | null };

/** What eligibility depends on. `people` are all who review, could review, or delegate. */
export type RequestFacts = {
  requesterId: string;
  lastEditorId: string | null;
  benefitingAgentOwnerIds: readonly string[];
  owners: readonly Owner[];
  delegations: readonly Delegation[];
  people: readonly Person[];
  votes: readonly Vote[];
};

export type Ineligible =
  | "unknown_person"
  | "not_active"
  | "auditor"
  | "requester"
  | "last_editor"
  | "benefiting_agent_owner"
  | "unconfirmed_owner"
  | "delegate_of_excluded"
  | "owner_counts_for_owner_stage"
  | "role_missing"
  | "already_counted"
  | "no_delegation";

/** Whether a person's approval would count, why, and for whom it would (null: in their own right). */
export type Eligibility =
  | { eligible: true; why: "own_right" | "delegate"; onBehalfOf: string | null }
  | { eligible: false; why: Ineligible };

/**
 * Whether a person may decide a stage at a time: in their own right, else as the delegate of somebody who may.
 * A delegate adds no vote, it is the other's one vote, and it costs the delegate their own.
 */
export function eligibility(personId: string, stage: StageKind, facts: RequestFacts, at: string): Eligibility {
  const own = ineligible(personId, null, stage, facts, at);
  if (own === null) return { eligible: true, why: "own_right", onBehalfOf: null };
  const absent = facts.delegations
    .filter(({ delegateId }) => delegateId === personId)
    .find(({ userId }) => ineligible(personId, userId, stage, facts, at) === null);
  return absent === undefined
    ? { eligible: false, why: own }
    : { eligible: true, why: "delegate", onBehalfOf: absent.userId };
}

/** Why an approval by this person (on behalf of that one, or in their own right with null) would not count; null where it would. */
export function ineligible(
  personId: string,
  onBehalfOf: string | null,
  stage: StageKind,
  facts: RequestFacts,
  at: string,
): Ineligible | null {
  const excluded = excludes(personId, facts, at);
  if (excluded !== null) return excluded;
  if (onBehalfOf !== null && onBehalfOf !== personId) {
    if (!facts.delegations.some((d) => d.userId === onBehalfOf && d.delegateId === personId && inForce(d, at))) {
      return "no_delegation";
    }
    if (countedElsewhere(personId, stage, facts)) return "already_counted";
    return ineligible(onBehalfOf, null, stage, facts, at);
  }
  return roleProblem(personId, stage, facts) ?? (countedElsewhere(personId, stage, facts) ? "already_counted" : null);
}

/** Everybody who may decide a stage at a time, with whom they would act for. */
export function eligiblePeople(
  stage: StageKind,
  facts: RequestFacts,
  at: string,
): { personId: string; onBehalfOf: string | null }[] {
  return facts.people.flatMap(({ id }) => {
    const answer = eligibility(id, stage, facts, at);
    return answer.eligible ? [{ personId: id, onBehalfOf: answer.onBehalfOf }] : [];
  });
}

/** A stage that cannot reach its quorum: how many different people could be found for it. */
export type Shortage = { kind: StageKind; quorum: number; found: number };

/**
 * The stages that cannot reach their quorum, for the check before submission; empty when all can. Every person is given
 * to one stage only, in the best possible way. Owners are taken as confirmed, which security does in review; a delegate
 * adds no vote and is left out.
 */
export function nobodyEligible(stages: readonly Stage[], facts: RequestFacts, at: string): Shortage[] {
  const settled = { ...facts, owners: facts.owners.map((owner) => ({ ...owner, confirmed: true })) };
  const candidates = new Map(
    stages.map(({ kind }) => [
      kind,
      settled.people.filter(({ id }) => ineligible(id, null, kind, settled, at) === null).map(({ id }) => id),
    ]),
  );
  const seats = new Map<string, StageKind>();
  return stages.flatMap(({ kind, quorum }) => {
    let found = 0;
    while (found < quorum && seat(kind, candidates, seats, new Set())) found += 1;
    return found < quorum ? [{ kind, quorum, found }] : [];
  });
}

/** Finds one more person for a stage, moving others between stages where that frees one (augmenting path). */
function seat(
  kind: StageKind,
  candidates: ReadonlyMap<StageKind, readonly string[]>,
  seats: Map<string, StageKind>,
  tried: Set<string>,
): boolean {
  for (const id of candidates.get(kind) ?? []) {
    if (tried.has(id)) continue;
    tried.add(id);
    const taken = seats.get(id);
    if (taken === kind || (taken !== undefined && !seat(taken, candidates, seats, tried))) continue;
    seats.set(id, kind);
    return true;
  }
  return false;
}

/** Who never counts on this request, whatever their roles. */
function excludes(personId: string, facts: RequestFacts, at: string): Ineligible | null {
  const person = facts.people.find(({ id }) => id === personId);
  if (person === undefined) return "unknown_person";
  if (!person.active) return "not_active";
  if (person.roles.includes("auditor")) return "auditor";
  const conflict = conflictOf(personId, facts);
  if (conflict !== null) return conflict;
  const standsIn = facts.delegations.some(
    (d) => d.delegateId === personId && inForce(d, at) && conflictOf(d.userId, facts) !== null,
  );
  return standsIn ? "delegate_of_excluded" : null;
}

function conflictOf(personId: string, facts: RequestFacts): Ineligible | null {
  if (personId === facts.requesterId) return "requester";
  if (personId === facts.lastEditorId) return "last_editor";
  if (facts.benefitingAgentOwnerIds.includes(personId)) return "benefiting_agent_owner";
  const named = facts.owners.filter(({ confirmed, namedBy }) => !confirmed && namedBy === facts.requesterId);
  if (named.some((owner) => owns(personId, owner, facts))) return "unconfirmed_owner";
  return null;
}

/** Who answers for a connector decides its owner stage and no other. */
function roleProblem(personId: string, stage: StageKind, facts: RequestFacts): Ineligible | null {
  const answers = facts.owners.some(
    (owner) => owner.confirmed && owner.role !== "security" && owns(personId, owner, facts),
  );
  if (stage === "owner") return answers ? null : "role_missing";
  const roles = facts.people.find(({ id }) => id === personId)?.roles ?? [];
  if (!roles.includes(reviewerRoles[stage])) return "role_missing";
  return answers ? "owner_counts_for_owner_stage" : null;
}

function owns(personId: string, owner: Owner, facts: RequestFacts): boolean {
  if (owner.kind === "user") return owner.id === personId;
  return facts.people.some(({ id, teamIds }) => id === personId && teamIds.includes(owner.id));
}

function countedElsewhere(personId: string, stage: StageKind, facts: RequestFacts): boolean {
  return facts.votes.some(
    (vote) => vote.stageKind !== stage && (vote.reviewerId === personId || vote.onBehalfOf === personId),
  );
}

function inForce({ startsAt, endsAt }: Delegation, at: string): boolean {
  const now = Date.parse(at);
  return Date.parse(startsAt) <= now && now < Date.parse(endsAt);
}
