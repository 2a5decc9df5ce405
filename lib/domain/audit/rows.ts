import type { Event } from "#lib/contract/activity.ts";
import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { sentenceOf } from "#lib/domain/audit/sentence.ts";
import { ownedBy } from "#lib/domain/owners.ts";

export type EventRow = {
  id: string;
  seq: string;
  type: string;
  time: Date;
  principal_kind: string;
  principal_id: string;
  principal_name: string | null;
  subjects: string[];
  connector_id: string | null;
  connector_slug: string | null;
  agent_id: string | null;
  agent_name: string | null;
  tool: string | null;
  decision: string | null;
  reason: string | null;
  call_id: string | null;
  grant_id: string | null;
  /** Of a recorded review. */
  verdict: string | null;
  /** Of a refusal: the operation that was asked for. */
  operation: string | null;
};

/** The events that a caller may see: reviewers and auditors all, owners those about what they own, everyone their own. */
export function visibleEvents(caller: Caller): Prisma.Sql {
  if (caller.kind === "system" || caller.roles.some((role) => role !== "administrator")) return sql`true`;
  return sql`(e.principal_id = ${caller.id} or ${ownedBy(sql`e.connector_id`, caller.id)} or ${ownedBy(sql`e.agent_id`, caller.id)})`;
}

/** Events with the names of who and what, newest first. `where` may use the alias `e`. */
export function selectEvents(tx: Tx, where: Prisma.Sql, limit: number): Promise<EventRow[]> {
  return queryRows<EventRow>(
    tx,
    sql`select e.id, e.seq::text as seq, e.type, e.time, e.principal_kind, e.principal_id, coalesce(u.name, p.name) as principal_name,
          e.subjects, e.connector_id, c.slug as connector_slug, e.agent_id, a.name as agent_name, e.tool, e.decision, e.reason, e.call_id, e.grant_id,
          case when e.type = 'request.review-recorded' then d.data ->> 'verdict' end as verdict,
          case when e.type = 'operation.refused' then d.data ->> 'operation' end as operation
        from audit_event e
        -- An event of before leaves were checked may hold what jsonb cannot; it is shown without.
        left join lateral (select convert_from(e.leaf, 'UTF8')::jsonb -> 'data' as data where e.type in ('request.review-recorded', 'operation.refused')
          and pg_input_is_valid(convert_from(e.leaf, 'UTF8'), 'jsonb') offset 0) d on true
        left join app_user u on e.principal_kind = 'user' and u.id = e.principal_id
        left join agent p on e.principal_kind = 'agent' and p.id = e.principal_id
        left join connector c on c.id = e.connector_id
        left join agent a on a.id = e.agent_id
        where ${where} order by e.seq desc limit ${limit}`,
  );
}

export function toEvent(row: EventRow): Event {
  const principalName = row.principal_name ?? (row.principal_kind === "system" ? "Ambit" : row.principal_id);
  return {
    id: row.id,
    seq: row.seq,
    type: row.type,
    time: row.time.toISOString(),
    principalKind: row.principal_kind,
    principalId: row.principal_id,
    principalName,
    subjects: row.subjects,
    connectorId: row.connector_id,
    connectorSlug: row.connector_slug,
    agentId: row.agent_id,
    tool: row.tool,
    decision: row.decision,
    reason: row.reason,
    callId: row.call_id,
    grantId: row.grant_id,
    sentence: sentenceOf(row, principalName),
  };
}
