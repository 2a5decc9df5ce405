import { isTerminal } from "#lib/core/lifecycle/machine.ts";
import { requestTable } from "#lib/core/lifecycle/request.ts";
import { eligiblePeople, reviewerRoles } from "#lib/core/review/eligibility.ts";
import { votesOf } from "#lib/core/review/verdict.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { closeRequest } from "#lib/domain/requests/close.ts";
import { findRequest, type RequestRow } from "#lib/domain/requests/rows.ts";
import { progressOf, worldOf } from "#lib/domain/requests/show.ts";
import { currentReviews, type StageRow, type World } from "#lib/domain/requests/world.ts";

const batch = 200;

/** What people are told about a stage, in the order of its times. */
const notices = [
  { kind: "reminder", at: "remindAt" },
  { kind: "fallback", at: "dueAt" },
  { kind: "escalation", at: "escalateAt" },
] as const satisfies readonly { kind: string; at: keyof StageRow }[];
type Notice = (typeof notices)[number]["kind"];

/**
 * Reminds, falls back, escalates and finally denies what nobody decided, by the database's clock. Each notice is given once;
 * running it again does nothing. Meant to run every minute.
 * @returns how many requests were looked at
 */
export async function advanceDueRequests(): Promise<number> {
  const ids = await withTransaction(dueRequests);
  for (const id of ids) await withTransaction((tx) => advance(tx, id));
  return ids.length;
}

async function dueRequests(tx: Tx): Promise<string[]> {
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select distinct r.id from request r join request_stage st on st.request_id = r.id and st.round = r.round
        where r.state in ('submitted', 'in_review', 'changes_requested') and (st.deny_at <= now() or exists (
          select 1 from (values ('reminder', st.remind_at), ('fallback', st.due_at), ('escalation', st.escalate_at)) as n (kind, at)
          where n.at <= now() and not exists (select 1 from stage_notice x where x.stage_id = st.id and x.kind = n.kind)))
        order by r.id limit ${batch}`,
  );
  return rows.map(({ id }) => id);
}

async function advance(tx: Tx, id: string): Promise<void> {
  await lockRow(tx, "request", id);
  const row = await findRequest(tx, id);
  const [clock] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
  if (row === null || clock === undefined || isTerminal(requestTable, row.state)) return;
  const { now } = clock;
  const world = await worldOf(tx, row);
  const satisfied = new Set(progressOf(row, world).flatMap((stage) => (stage.satisfied ? [stage.kind] : [])));
  const waiting = world.stages.filter(({ kind }) => !satisfied.has(kind));
  const late = waiting.find(({ denyAt }) => denyAt <= now);
  const events =
    late === undefined
      ? await remind(tx, row, world, now, satisfied)
      : await closeRequest({ tx, now }, row, "denied", { by: "deadline", stage: late.kind });
  await append(tx, { kind: "system", id: "system" }, now, events);
}

/** Every notice whose time has come is kept as given; only the last one of a stage that still waits tells people. */
async function remind(
  tx: Tx,
  row: RequestRow,
  world: World,
  now: Date,
  satisfied: ReadonlySet<StageRow["kind"]>,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const stage of world.stages) {
    const due = notices.filter(({ at }) => stage[at] <= now).map(({ kind }) => ({ stageId: stage.id, kind }));
    const given = await tx.stageNotice.findMany({ where: { stageId: stage.id }, select: { kind: true } });
    const fresh = due.filter(({ kind }) => !given.some((notice) => notice.kind === kind));
    const last = fresh.at(-1);
    if (last === undefined) continue;
    await tx.stageNotice.createMany({ data: fresh });
    if (satisfied.has(stage.kind)) continue;
    const people =
      row.state === "changes_requested" ? [row.requester_id] : await whomToTell(tx, last.kind, stage, row, world, now);
    const kind = last.kind === "escalation" ? "escalation" : "reminder";
    await notify(tx, people, kind, row.id, { title: row.title, stage: stage.kind });
    events.push({
      type: last.kind === "escalation" ? "request.escalated" : "request.reminded",
      subjects: [row.id],
      ...(row.connector_id === null ? {} : { connectorId: row.connector_id }),
      data: { stage: stage.kind, notice: last.kind, round: row.round, told: people.length },
    });
  }
  return events;
}

/** A reminder goes to whom the stage waits for; from the due time on also to administrators and everybody of that role. */
async function whomToTell(
  tx: Tx,
  notice: Notice,
  { kind }: StageRow,
  row: RequestRow,
  world: World,
  now: Date,
): Promise<string[]> {
  const votes = votesOf(world.stages, currentReviews(world, row.round), row.digest ?? "", world.facts);
  const decided = currentReviews(world, row.round).map(({ reviewerId }) => reviewerId);
  const people = eligiblePeople(kind, { ...world.facts, votes }, now.toISOString())
    .map(({ personId }) => personId)
    .filter((id) => !decided.includes(id));
  if (notice === "reminder" && people.length > 0) return people;
  const roles = ["administrator", ...(kind === "owner" ? [] : [reviewerRoles[kind]])];
  const group = await tx.roleAssignment.findMany({
    where: { role: { in: roles }, revokedAt: null },
    select: { userId: true },
  });
  const asked = notice === "escalation" ? [row.requester_id] : [];
  return [...new Set([...people, ...group.map(({ userId }) => userId), ...asked])];
}
