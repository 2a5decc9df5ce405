import { DomainError } from "#lib/contract/errors.ts";
import type { ParsedInputOf } from "#lib/contract/index.ts";
import { eligibility, eligiblePeople } from "#lib/core/review/eligibility.ts";
import { outcome, votesOf } from "#lib/core/review/verdict.ts";
import { type Context, implement, type NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { approveRequest } from "#lib/domain/requests/approve.ts";
import { closeRequest } from "#lib/domain/requests/close.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { sentences } from "#lib/domain/requests/reasons.ts";
import { findRequest, type RequestRow } from "#lib/domain/requests/rows.ts";
import { progressOf, requestById, worldOf } from "#lib/domain/requests/show.ts";
import { checkTerms } from "#lib/domain/requests/terms.ts";
import { currentReviews, type World } from "#lib/domain/requests/world.ts";
import { newId } from "#lib/platform/id.ts";

type Input = ParsedInputOf<"requests.review">;

/**
 * One person's verdict on one stage of exactly the digest that they saw. What it completes happens with it: an approval without
 * its grants, or a denial that leaves a credential, cannot exist.
 */
export const reviewRequest = implement("requests.review", {
  load: lockRequest,
  async run(context, row, input) {
    const { tx, now, caller } = context;
    const before = await worldOf(tx, row);
    const onBehalfOf = mayDecide(context, row, before, input);
    await checkTerms(context, row, input);

    const id = newId("rev");
    await tx.review.create({
      data: {
        id,
        requestId: row.id,
        stageId: stageId(before, input.stage),
        reviewerId: caller.id,
        onBehalfOf,
        verdict: input.verdict,
        digest: input.digest,
        tools: input.tools ?? [],
        allTools: input.tools === null,
        conditions: { holdTools: [], agentIds: null, expiresAt: null, ...input.conditions },
        reason: input.reason,
        via: caller.via === "token" ? "token" : "session",
        signInAgeSeconds:
          caller.interactiveSignInAgeSeconds === null ? null : Math.floor(caller.interactiveSignInAgeSeconds),
      },
    });
    const recorded: NewEvent = {
      type: "request.review-recorded",
      subjects: [row.id],
      ...(row.connector_id === null ? {} : { connectorId: row.connector_id }),
      data: {
        review: id,
        stage: input.stage,
        round: row.round,
        verdict: input.verdict,
        digest: input.digest,
        onBehalfOf,
        via: caller.via,
      },
    };
    const confirmed = confirms(input) ? await confirmOwners(context, row, onBehalfOf ?? caller.id) : [];
    const world = await worldOf(tx, row);
    const effects = await conclude(context, row, world);
    const after = await findRequest(tx, row.id);
    await notifyTurn(context, after ?? row, before, world, now);
    return { result: await requestById(context, row.id), events: [recorded, ...confirmed, ...effects] };
  },
});

/** Whom this verdict is given for (null: in one's own right). @throws DomainError that says why it cannot be given */
function mayDecide({ caller, now }: Context, row: RequestRow, world: World, input: Input): string | null {
  const denies = input.verdict === "deny";
  if (row.state !== "submitted" && row.state !== "in_review" && !(denies && row.state === "changes_requested")) {
    throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")} and takes no reviews.`);
  }
  const isStale = input.digest !== row.digest || input.round !== row.round;
  if (row.digest === null || isStale) {
    throw new DomainError("stale_digest", "It changed since you opened it. Load it again and look at the difference.");
  }
  stageId(world, input.stage);
  const reviews = currentReviews(world, row.round);
  if (
    input.verdict === "approve" &&
    reviews.some((r) => r.verdict === "approve" && [r.reviewerId, r.onBehalfOf].includes(caller.id))
  ) {
    throw new DomainError("already_decided", "You approved this request already; one person counts once.");
  }
  const votes = votesOf(world.stages, reviews, row.digest, world.facts);
  const answer = eligibility(caller.id, input.stage, { ...world.facts, votes }, now.toISOString());
  if (!answer.eligible) throw new DomainError("not_eligible", sentences[answer.why]);
  const stage = progressOf(row, world).find(({ kind }) => kind === input.stage);
  if (input.verdict === "approve" && stage?.open !== true) {
    throw new DomainError("invalid_transition", "This stage waits for the others before it.");
  }
  if (input.verdict === "approve" && input.stage === "security" && !input.confirmed) {
    const message = "Confirm classification, effects and owners, or reclassify first.";
    throw new DomainError("invalid_input", message, { issues: [{ path: "confirmed", message }] });
  }
  return answer.onBehalfOf;
}

function stageId(world: World, kind: Input["stage"]): string {
  const stage = world.stages.find((one) => one.kind === kind);
  if (stage === undefined) throw new DomainError("invalid_transition", "This request has no such stage.");
  return stage.id;
}

function confirms({ stage, verdict, confirmed }: Input): boolean {
  return stage === "security" && verdict === "approve" && confirmed;
}

/** From here on the owners that the requester named count. */
async function confirmOwners({ tx, now }: Context, row: RequestRow, confirmedBy: string): Promise<NewEvent[]> {
  if (row.kind !== "connector" || row.connector_id === null) return [];
  const waiting = { subjectId: row.connector_id, endedAt: null, confirmedAt: null };
  const owners = await tx.ownership.findMany({ where: waiting, select: { role: true, ownerId: true } });
  await tx.ownership.updateMany({ where: waiting, data: { confirmedBy, confirmedAt: now } });
  return owners.map(({ role, ownerId }) => ({
    type: "ownership.confirmed",
    subjects: [row.connector_id ?? ""],
    data: { role, owner: ownerId },
  }));
}

/** What the reviews come to now, with all its consequences. */
async function conclude(context: Context, row: RequestRow, world: World): Promise<NewEvent[]> {
  const { tx, now } = context;
  const digest = row.digest ?? "";
  const result = outcome(world.stages, currentReviews(world, row.round), digest, world.facts);
  if (result === "denied") return closeRequest(context, row, "denied", { by: "review" });
  if (result === "approved") return approveRequest(context, row, world);
  const state = result === "changes_requested" ? result : row.state === "changes_requested" ? row.state : "in_review";
  if (state === row.state) return [];
  await tx.request.update({
    where: { id: row.id },
    data: { state, updatedAt: now, rowVersion: { increment: 1 } },
  });
  if (state !== "changes_requested") return [];
  await notify(tx, [row.requester_id], "changes_requested", row.id, { title: row.title });
  return [{ type: "request.changes-requested", subjects: [row.id], data: { round: row.round } }];
}

/** Tells people for whom a stage opened just now. */
async function notifyTurn({ tx }: Context, row: RequestRow, before: World, after: World, now: Date): Promise<void> {
  if (row.state !== "in_review") return;
  const at = now.toISOString();
  const waiting = (world: World) => {
    const votes = votesOf(world.stages, currentReviews(world, row.round), row.digest ?? "", world.facts);
    return progressOf(row, world)
      .filter(({ open, satisfied }) => open && !satisfied)
      .flatMap(({ kind }) => eligiblePeople(kind, { ...world.facts, votes }, at).map(({ personId }) => personId));
  };
  const told = new Set(waiting(before));
  const decided = currentReviews(after, row.round).map(({ reviewerId }) => reviewerId);
  const turn = waiting(after).filter((id) => !told.has(id) && !decided.includes(id));
  await notify(tx, turn, "your_turn", row.id, { title: row.title });
}
