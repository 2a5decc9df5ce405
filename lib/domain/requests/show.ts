import type { Request } from "#lib/contract/requests.ts";
import type { Caller } from "#lib/core/permit.ts";
import { eligibility } from "#lib/core/review/eligibility.ts";
import { progress, votesOf } from "#lib/core/review/verdict.ts";
import type { Tx } from "#lib/db/tx.ts";
import type { Context } from "#lib/domain/implement.ts";
import { findRequest, openStates, type RequestRow, versionOf } from "#lib/domain/requests/rows.ts";
import { currentReviews, type World, worldsOf } from "#lib/domain/requests/world.ts";

/** Where each stage of a request stands. */
export function progressOf(row: RequestRow, world: World) {
  if (row.digest === null) return [];
  return progress(world.stages, currentReviews(world, row.round), row.digest, world.facts);
}

/** The stages that a person may decide at a time, or why not. Only open stages of a request in review can be decided. */
export function stagesFor(personId: string, row: RequestRow, world: World, now: Date) {
  if (row.digest === null) return [];
  const votes = votesOf(world.stages, currentReviews(world, row.round), row.digest, world.facts);
  const facts = { ...world.facts, votes };
  return progressOf(row, world).map(({ kind, open, satisfied }) => {
    const answer = eligibility(personId, kind, facts, now.toISOString());
    const mine = currentReviews(world, row.round).some(
      ({ stageKind, reviewerId, verdict }) => stageKind === kind && reviewerId === personId && verdict === "approve",
    );
    if (!answer.eligible) return { kind, eligible: false, why: answer.why, onBehalfOf: null };
    if (mine) return { kind, eligible: false, why: "already_counted", onBehalfOf: null };
    if (row.state !== "submitted" && row.state !== "in_review") {
      return { kind, eligible: false, why: "not_in_review", onBehalfOf: null };
    }
    if (!open) return { kind, eligible: false, why: "waits_for_another_stage", onBehalfOf: null };
    if (satisfied) return { kind, eligible: false, why: "satisfied", onBehalfOf: null };
    return { kind, eligible: true, why: answer.why, onBehalfOf: answer.onBehalfOf };
  });
}

export function toRequest(row: RequestRow, world: World, caller: Caller, now: Date): Request {
  const due = new Map(world.stages.map(({ kind, dueAt }) => [kind, dueAt.toISOString()]));
  const mine = caller.kind === "user" && stagesFor(caller.id, row, world, now).some(({ eligible }) => eligible);
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title: row.title,
    requester: { id: row.requester_id, name: row.requester ?? row.requester_id },
    connectorId: row.connector_id,
    connectorSlug: row.connector_slug,
    tier: row.tier,
    digest: row.digest,
    round: row.round,
    submittedAt: row.submitted_at?.toISOString() ?? null,
    dueAt: row.due_at?.toISOString() ?? null,
    decidedAt: row.decided_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: versionOf(row),
    stages: progressOf(row, world).map((stage) => ({ ...stage, dueAt: due.get(stage.kind) ?? "" })),
    mine: openStates.some((state) => state === row.state) && mine,
  };
}

/** The request as the API shows it, read again after a change. */
export async function requestById({ tx, caller, now }: Context, id: string): Promise<Request> {
  const row = await findRequest(tx, id);
  if (row === null) throw new Error(`request ${id} vanished inside its transaction`);
  return toRequest(row, await worldOf(tx, row), caller, now);
}

/** The world of one request. */
export async function worldOf(tx: Tx, row: RequestRow): Promise<World> {
  const world = (await worldsOf(tx, [row])).get(row.id);
  if (world === undefined) throw new Error("a world for every request");
  return world;
}
