import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { grantsOn } from "#lib/domain/grants/rows.ts";

const daysShown = 30;
const before = daysShown - 1;

/** Numbers of days that are over, and of grants at one epoch, for those who see the whole estate; of this process, so it counts each once. */
const known = new Map<string, { for: string; value: unknown }>();

/** The estate in four numbers with their last 30 days, today last, as far as the caller may see it. */
export async function figures(tx: Tx, caller: Caller, owned: readonly string[]) {
  const connectors = await connectorsOf(tx, caller);
  const { grants, calls, denials } = seesAllAccess(caller) ? await ofAll(tx) : await ofOwner(tx, owned);
  return {
    connectors,
    grants,
    calls: { value: sum(calls), last30Days: calls },
    denials: { value: sum(denials), last30Days: denials },
  };
}

async function connectorsOf(tx: Tx, caller: Caller) {
  const rows = await queryRows<{ ago: number; n: number }>(
    tx,
    sql`select ${ago(sql`c.status_at`)} as ago, count(*)::int as n from connector c
        where c.status = 'enabled' and ${visibleConnectors(caller)} group by 1`,
  );
  return { value: sum(rows.map(({ n }) => n)), last30Days: series(rows, ({ n }) => n) };
}

/** Days that are over keep their numbers: rows have a time that never goes back. */
async function ofAll(tx: Tx) {
  const [state] = await queryRows<{ epoch: string; today: string; minute: string }>(
    tx,
    sql`select epoch::text, current_date::text as today, extract(minute from now())::text as minute from policy_epoch`,
  );
  const { epoch, today, minute } = state ?? { epoch: "", today: "", minute: "" };
  const issued = (from: number, to: number) =>
    queryRows<{ ago: number; n: number }>(
      tx,
      sql`select ${from === to ? sql`${from}::int` : ago(sql`g.created_at`)} as ago, count(*)::int as n from scope_grant g
          where g.created_at >= ${day(from)} and g.created_at < ${day(to - 1)} group by 1`,
    );
  const events = (from: number, to: number) => eventsPerDay(tx, sql`audit_event`, from, to);
  const issuedDays = [...(await once("issued", today, () => issued(before, 1))), ...(await issued(0, 0))];
  const eventDays = [...(await once("events", today, () => events(before, 1))), ...(await events(0, 0))];
  // Expiry raises no epoch, so the number is no older than a minute.
  const [active] = await once("active", `${epoch} ${minute}`, () =>
    queryRows<{ n: number }>(
      tx,
      sql`select count(*)::int as n from scope_grant g where g.status = 'active' and g.expires_at > now()`,
    ),
  );
  return {
    grants: { value: active?.n ?? 0, last30Days: series(issuedDays, ({ n }) => n) },
    calls: series(eventDays, ({ calls }) => calls),
    denials: series(eventDays, ({ denials }) => denials),
  };
}

async function ofOwner(tx: Tx, owned: readonly string[]) {
  const issued = await queryRows<{ ago: number; n: number; active: number }>(
    tx,
    sql`select ${ago(sql`g.created_at`)} as ago, count(*)::int as n,
          count(*) filter (where g.status = 'active' and g.expires_at > now())::int as active
        from ${grantsOn(owned)} g group by 1`,
  );
  // Each side by its own index, instead of a look at every event.
  const about = sql`(select o.type, o.time, o.seq from audit_event o where o.agent_id = any (${owned}::text[])
    union all select o.type, o.time, o.seq from audit_event o where o.connector_id = any (${owned}::text[])
      and coalesce(o.agent_id, '') <> all (${owned}::text[]))`;
  const events = await eventsPerDay(tx, about, before, 0);
  return {
    grants: { value: sum(issued.map(({ active }) => active)), last30Days: series(issued, ({ n }) => n) },
    calls: series(events, ({ calls }) => calls),
    denials: series(events, ({ denials }) => denials),
  };
}

/** Calls that went through and calls that were denied, from so many days ago until so many days ago, both included. */
async function eventsPerDay(tx: Tx, events: Prisma.Sql, from: number, to: number) {
  // Numbers rise with time but for transactions that overlap, which an hour more makes up for.
  const [last] = await queryRows<{ seq: string }>(
    tx,
    sql`select seq::text from audit_event where time < ${day(from)} - interval '1 hour' order by time desc, seq desc limit 1`,
  );
  return queryRows<{ ago: number; calls: number; denials: number }>(
    tx,
    sql`select ${ago(sql`e.time`)} as ago, count(*) filter (where e.type = 'call.intent')::int as calls,
          count(*) filter (where e.type <> 'call.intent')::int as denials
        from ${events} e where e.type in ('call.intent', 'call.denied', 'calls.denied-aggregated')
          and e.seq > ${last?.seq ?? "0"}::bigint and e.time >= ${day(from)} and e.time < ${day(to - 1)} group by 1`,
  );
}

/** SQL of the beginning of the day so many days ago. */
function day(daysAgo: number): Prisma.Sql {
  return sql`(date_trunc('day', now()) - ${daysAgo}::int * interval '1 day')`;
}

/** SQL of the number of days from a time until today. */
function ago(at: Prisma.Sql): Prisma.Sql {
  return sql`(current_date - ${at}::date)`;
}

/** One number for each of the last 30 days, oldest first. */
function series<Row extends { ago: number }>(rows: readonly Row[], of: (row: Row) => number): number[] {
  const byDay = new Map(rows.map((row) => [row.ago, of(row)]));
  return Array.from({ length: daysShown }, (_, index) => byDay.get(before - index) ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

async function once<Value>(name: string, of: string, read: () => Promise<Value>): Promise<Value> {
  const found = known.get(name);
  if (found?.for === of) return found.value as Value;
  const value = await read();
  known.set(name, { for: of, value });
  return value;
}
