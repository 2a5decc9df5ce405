import { sql } from "#lib/db/tx.ts";
import { selectEvents, toEvent, visibleEvents } from "#lib/domain/audit/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

const kinds = {
  calls: sql`e.type like 'call.%'`,
  denials: sql`e.type in ('call.denied', 'calls.denied-aggregated', 'call.malformed', 'operation.refused', 'agent-token.refused')`,
  changes: sql`e.type not like 'call%' and e.type not like 'agent-token.%' and e.type not like 'user.sign%'`,
};

export const listActivity = implementQuery("activity.list", {
  load: async ({ caller }) => ({ resource: visibleEvents(caller), facts: listed(caller) }),
  async run(
    { tx },
    visible,
    { cursor, limit, types, connectorId, agentId, subjectId, grantId, principalId, from, to, after },
  ) {
    const before = readCursor(cursor);
    const rows = await selectEvents(
      tx,
      sql`${visible}
        and ${before === null ? sql`true` : sql`e.seq < ${before.id}::bigint`}
        and ${after === undefined || !/^\d+$/.test(after) ? sql`true` : sql`e.seq > ${after}::bigint`}
        and ${types === undefined ? sql`true` : kinds[types]}
        and ${connectorId === undefined ? sql`true` : sql`e.connector_id = ${connectorId}`}
        and ${agentId === undefined ? sql`true` : sql`e.agent_id = ${agentId}`}
        and ${subjectId === undefined ? sql`true` : sql`e.subjects @> array[${subjectId}]`}
        and ${grantId === undefined ? sql`true` : sql`e.grant_id = ${grantId}`}
        and ${principalId === undefined ? sql`true` : sql`e.principal_id = ${principalId}`}
        and ${from === undefined ? sql`true` : sql`e.time >= ${from}::timestamptz`}
        and ${to === undefined ? sql`true` : sql`e.time < ${to}::timestamptz`}`,
      limit + 1,
    );
    return pageOf(rows, limit, toEvent, (row) => ({ at: "", id: row.seq }));
  },
});
