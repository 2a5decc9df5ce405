import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import { grantsOwnedBy } from "#lib/domain/grants/rows.ts";
import { ownedBy } from "#lib/domain/owners.ts";

/** What is counted per day: rows with a time that never goes back, so that a day that is over keeps its number. */
type Counted = { name: string; rows: Prisma.Sql; at: Prisma.Sql };

const daysShown = 30;

/** Numbers of days that are over, and of grants at one epoch, for those who see the whole estate; of this process, so it counts each once. */
const known = new Map<string, { for: string; value: number[] }>();

/** The estate in four numbers with their last 30 days, today last, as far as the caller may see it. */
export async function figures(tx: Tx, caller: Caller) {
  const all = seesAllAccess(caller);
  // Each by its own index, instead of a look at every event.
  const mine = all
    ? sql`true`
    : sql`e.seq = any (array(select o.seq from audit_event o where ${ownedBy(sql`o.connector_id`, caller.id)}
        union all select o.seq from audit_event o where ${ownedBy(sql`o.agent_id`, caller.id)}))`;
  const grantRows = all ? sql`scope_grant` : grantsOwnedBy(caller.id);
  const connectors = visibleConnectors(caller);
  const at = sql`e.time`;
  const calls = { name: "calls", at, rows: sql`audit_event e where e.type = 'call.intent' and ${mine}` };
  const denied = sql`audit_event e where e.type in ('call.denied', 'calls.denied-aggregated') and ${mine}`;
  const issued = { name: "issued", at: sql`g.created_at`, rows: sql`${grantRows} g where true` };
  const enabled = sql`connector c where c.status = 'enabled' and ${connectors}`;
  const [state] = await queryRows<{ epoch: string; today: string; minute: string; connectors: number }>(
    tx,
    sql`select epoch::text, current_date::text as today, extract(minute from now())::text as minute, (select count(*)::int from ${enabled}) as connectors from policy_epoch`,
  );
  const { epoch, today, minute } = state ?? { epoch: "", today: "", minute: "" };
  const active = () =>
    queryRows<{ n: number }>(
      tx,
      sql`select count(*)::int as n from ${grantRows} g where g.status = 'active' and g.expires_at > now()`,
    ).then((rows) => rows.map(({ n }) => n));
  const daily = async (counted: Counted) =>
    all
      ? [
          ...(await once(counted.name, today, () => perDay(tx, counted, daysShown - 1, 1))),
          ...(await perDay(tx, counted, 0, 0)),
        ]
      : perDay(tx, counted, daysShown - 1, 0);
  // Expiry raises no epoch, so the number is no older than a minute.
  const [grants] = all ? await once("active", `${epoch} ${minute}`, active) : await active();
  return {
    connectors: {
      value: state?.connectors ?? 0,
      last30Days: await perDay(tx, { name: "enabled", at: sql`c.status_at`, rows: enabled }, daysShown - 1, 0),
    },
    grants: {
      value: grants ?? 0,
      last30Days: await daily(issued),
    },
    calls: total(await daily(calls)),
    denials: total(await daily({ name: "denials", at, rows: denied })),
  };
}

function total(last30Days: number[]) {
  return { value: last30Days.reduce((sum, n) => sum + n, 0), last30Days };
}

async function once(name: string, of: string, count: () => Promise<number[]>): Promise<number[]> {
  const found = known.get(name);
  if (found?.for === of) return found.value;
  const value = await count();
  known.set(name, { for: of, value });
  return value;
}

/** Counts from so many days ago until so many days ago, both included, oldest first. */
async function perDay(tx: Tx, { rows, at }: Counted, from: number, to: number): Promise<number[]> {
  const day = (ago: number) => sql`date_trunc('day', now()) - ${ago}::int * interval '1 day'`;
  const counts = await queryRows<{ n: number }>(
    tx,
    sql`select coalesce(x.n, 0)::int as n from generate_series(${from}::int, ${to}::int, -1) d left join (
          select date_trunc('day', ${at}) as day, count(*) as n from ${rows} and ${at} >= ${day(from)} and ${at} < ${day(to - 1)} group by 1) x
          on x.day = date_trunc('day', now()) - d * interval '1 day'
        order by d desc`,
  );
  return counts.map(({ n }) => n);
}
