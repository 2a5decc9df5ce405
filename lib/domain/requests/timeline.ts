import type { z } from "zod";
import type { TimelineItem } from "#lib/contract/requests.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import type { World } from "#lib/domain/requests/world.ts";

type Item = z.infer<typeof TimelineItem>;

const eventsMax = 500;

/** Everything that happened to a request, oldest first: events of the log, with reviews and comments in their place. */
export async function timelineOf(
  tx: Tx,
  row: RequestRow,
  { reviews }: World,
  nameOf: (id: string) => string,
): Promise<Item[]> {
  const events = await queryRows<{ type: string; time: Date; who: string }>(
    tx,
    sql`select e.type, e.time, case when e.principal_kind = 'system' then 'Ambit' else coalesce(u.name, e.principal_id) end as who
        from audit_event e left join app_user u on u.id = e.principal_id
        where e.call_id is null and e.subjects @> array[${row.id}]
          and e.type not in ('request.review-recorded', 'request.commented') order by e.seq limit ${eventsMax}`,
  );
  const comments = await queryRows<{ created_at: Date; text: string; who: string }>(
    tx,
    sql`select c.created_at, c.text, coalesce(u.name, c.author_id) as who from comment c left join app_user u on u.id = c.author_id
        where c.request_id = ${row.id} order by c.created_at`,
  );
  const items: Item[] = [
    ...events.map(({ type, time, who }) => ({ at: time.toISOString(), kind: "event" as const, type, who, text: "" })),
    ...reviews.map(({ at, verdict, reason, reviewerId }) => ({
      at,
      kind: "review" as const,
      type: verdict,
      who: nameOf(reviewerId),
      text: reason,
    })),
    ...comments.map(({ created_at, text, who }) => ({
      at: created_at.toISOString(),
      kind: "comment" as const,
      type: "comment",
      who,
      text,
    })),
  ];
  return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
