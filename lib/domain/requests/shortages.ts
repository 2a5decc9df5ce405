import { nobodyEligible } from "#lib/core/review/eligibility.ts";
import { votesOf } from "#lib/core/review/verdict.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import { closeFinding, openFinding } from "#lib/domain/findings.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { type RequestRow, selectRequests } from "#lib/domain/requests/rows.ts";
import { progressOf } from "#lib/domain/requests/show.ts";
import { currentReviews, type World, worldsOf } from "#lib/domain/requests/world.ts";

const kind = "no_eligible_reviewer";
const batch = 500;

/** A request in review with a stage that cannot reach its quorum any more is a finding, until somebody was added or it is over. */
export async function reviseShortage(tx: Tx, row: RequestRow, world: World, now: Date): Promise<NewEvent[]> {
  const about = { kind, subjectId: row.id, connectorId: row.connector_id } as const;
  const missing = shortStages(row, world, now);
  return missing.length > 0 ? openFinding(tx, { ...about, detail: missing.join(" ") }) : closeFinding(tx, about);
}

/**
 * The same for every request that waits: people lose roles, leave and hand over without knowing who waits for them. Meant to run
 * every minute. @returns how many findings were opened or closed
 */
export async function reviseShortages(): Promise<number> {
  return withTransaction(async (tx) => {
    const rows = await selectRequests(
      tx,
      sql`r.state in ('submitted', 'in_review') or exists (
        select 1 from finding f where f.kind = ${kind} and f.subject_id = r.id and f.closed_at is null)`,
      batch,
    );
    const [clock] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
    if (clock === undefined) return 0;
    const worlds = await worldsOf(tx, rows);
    const events: NewEvent[] = [];
    for (const row of rows) {
      const world = worlds.get(row.id);
      if (world !== undefined) events.push(...(await reviseShortage(tx, row, world, clock.now)));
    }
    await append(tx, { kind: "system", id: "system" }, clock.now, events);
    return events.length;
  });
}

function shortStages(row: RequestRow, world: World, now: Date): string[] {
  if (row.digest === null || (row.state !== "submitted" && row.state !== "in_review")) return [];
  const votes = votesOf(world.stages, currentReviews(world, row.round), row.digest, world.facts);
  const satisfied = new Set(progressOf(row, world).flatMap((stage) => (stage.satisfied ? [stage.kind] : [])));
  return nobodyEligible(world.stages, { ...world.facts, votes }, now.toISOString())
    .map((shortage) => shortage.kind)
    .filter((stage) => !satisfied.has(stage));
}
