import type { Caller } from "#lib/core/permit.ts";
import type { StageKind } from "#lib/core/review/stages.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { escapeLike } from "#lib/domain/escape-like.ts";
import { type Context, implementQuery, listed } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";
import { type RequestRow, selectRequests } from "#lib/domain/requests/rows.ts";
import { toRequest } from "#lib/domain/requests/show.ts";
import { type World, worldsOf } from "#lib/domain/requests/world.ts";

const queueBatch = 100;
const queueBatchesMax = 20;

export const listRequests = implementQuery("requests.list", {
  async load({ tx, caller }) {
    const actingFor = await standsInFor(tx, caller);
    return { resource: { actingFor, visible: visibleRequests(caller, actingFor) }, facts: listed(caller) };
  },
  async run(context, { actingFor, visible }, { cursor, limit, view, state, tier, kind, connectorId, q }) {
    const { tx, caller, now } = context;
    const filter = sql`${visible}
      and ${state === undefined ? sql`true` : sql`r.state = ${state}`}
      and ${tier === undefined ? sql`true` : sql`r.tier = ${tier}`}
      and ${kind === undefined ? sql`true` : sql`r.kind = ${kind}`}
      and ${connectorId === undefined ? sql`true` : sql`(c.id = ${connectorId} or c.slug = ${connectorId})`}
      and ${q === undefined ? sql`true` : sql`(r.title || ' ' || coalesce(c.slug, '')) ilike ${`%${escapeLike(q)}%`}`}`;
    if (view === "queue") return queue(context, sql`${filter} and ${decidable(caller, actingFor)}`, cursor, limit);
    const after = readCursor(cursor);
    const rows = await selectRequests(
      tx,
      sql`${filter} and ${view === "mine" ? sql`r.requester_id = ${caller.id}` : sql`r.state <> 'draft'`}
        and ${after === null ? sql`true` : sql`(r.created_at, r.id) < (${after.at}::timestamptz, ${after.id})`}`,
      limit + 1,
    );
    const worlds = await worldsOf(tx, rows);
    return pageOf(
      rows,
      limit,
      (row) => toRequest(row, of(worlds, row), caller, now),
      ({ created_cursor: at, id }) => ({ at, id }),
    );
  },
});

/** What is due first comes first; rows are read until a page of those that the caller may really decide is full. */
async function queue({ tx, caller, now }: Context, filter: Prisma.Sql, cursor: string | undefined, limit: number) {
  const found: { row: RequestRow; world: World }[] = [];
  let after = readCursor(cursor);
  for (let batch = 0; batch < queueBatchesMax && found.length <= limit; batch += 1) {
    const rows: RequestRow[] = await selectRequests(
      tx,
      sql`${filter} and ${after === null ? sql`true` : sql`(r.due_at, r.id) > (${after.at}::timestamptz, ${after.id})`}`,
      queueBatch,
      sql`r.due_at, r.id`,
    );
    const worlds = await worldsOf(tx, rows);
    for (const row of rows) {
      const world = of(worlds, row);
      if (toRequest(row, world, caller, now).mine) found.push({ row, world });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < queueBatch) break;
    after = { at: last.due_at?.toISOString() ?? "", id: last.id };
  }
  return pageOf(
    found,
    limit,
    ({ row, world }) => toRequest(row, world, caller, now),
    ({ row }) => ({ at: row.due_at?.toISOString() ?? "", id: row.id }),
  );
}

function of(worlds: ReadonlyMap<string, World>, row: RequestRow): World {
  const world = worlds.get(row.id);
  if (world === undefined) throw new Error("a world for every request");
  return world;
}

/** The people for whom the caller stands in now, with their reviewer roles. */
type Absent = { id: string; roles: string[] };

function standsInFor(tx: Tx, caller: Caller): Promise<Absent[]> {
  return queryRows<Absent>(
    tx,
    sql`select d.user_id as id, array(select a.role from role_assignment a where a.user_id = d.user_id and a.revoked_at is null) as roles
        from delegate d where d.delegate_id = ${caller.id} and d.cancelled_at is null and now() between d.starts_at and d.ends_at`,
  );
}

const reviewerRoles: readonly string[] = ["security_reviewer", "data_protection_reviewer", "platform_reviewer"];

/** The requests that a caller may see: one's own drafts; others as requester, owner, reviewer, auditor, or in place of one. */
function visibleRequests(caller: Caller, actingFor: readonly Absent[]): Prisma.Sql {
  const own = sql`r.requester_id = ${caller.id}`;
  const reads =
    caller.kind === "system" ||
    caller.roles.some((role) => role !== "administrator") ||
    actingFor.some(({ roles }) => roles.some((role) => reviewerRoles.includes(role)));
  if (reads) return sql`(${own} or r.state <> 'draft')`;
  const owned = [caller.id, ...actingFor.map(({ id }) => id)].map((id) => ownedBy(sql`r.connector_id`, id));
  return sql`(${own} or (r.state <> 'draft' and (${Prisma.join(owned, " or ")})))`;
}

/** Requests with a stage that the caller's roles, ownership or delegations are about; eligibility then decides. */
function decidable(caller: Caller, actingFor: readonly Absent[]): Prisma.Sql {
  const roles = new Set<string>([...caller.roles, ...actingFor.flatMap((absent) => absent.roles)]);
  const kinds = (["security", "data_protection", "platform"] as const satisfies readonly StageKind[]).filter((stage) =>
    roles.has(`${stage}_reviewer`),
  );
  const owned = [caller.id, ...actingFor.map(({ id }) => id)].map((id) => ownedBy(sql`r.connector_id`, id));
  return sql`r.state in ('submitted', 'in_review') and r.requester_id <> ${caller.id} and exists (
    select 1 from request_stage st where st.request_id = r.id and st.round = r.round
      and (st.kind = any (${kinds}::text[]) or (st.kind = 'owner' and (${Prisma.join(owned, " or ")}))))`;
}
