import { sql } from "#lib/db/tx.ts";
import { seesAllAccess } from "#lib/domain/access/scope.ts";
import { among } from "#lib/domain/among.ts";
import { selectEvents, toEvent, visibleEvents } from "#lib/domain/audit/rows.ts";
import { implementQuery, listed } from "#lib/domain/implement.ts";
import { behind, type Order } from "#lib/domain/order.ts";
import { ownedIds } from "#lib/domain/owners.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

/** By number, which is total by itself. */
const seq = sql`e.seq`;
const newest: Order = { column: seq, type: "bigint", id: seq, isDescending: true };

const kinds = {
  calls: sql`e.type like 'call.%'`,
  denials: sql`e.type in ('call.denied', 'calls.denied-aggregated', 'call.malformed', 'operation.refused', 'agent-token.refused')`,
  changes: sql`e.type not like 'call%' and e.type not like 'agent-token.%' and e.type not like 'user.sign%'`,
};

export const listActivity = implementQuery("activity.list", {
  load: async ({ caller }) => ({ resource: caller, facts: listed(caller) }),
  async run({ tx }, caller, input) {
    const { cursor, limit, types, connectorId, agentId, subjectId, grantId, principalId, from, to, after } = input;
    const filter = sql`${behind(newest, readCursor(cursor))}
        and ${after === undefined || !/^\d+$/.test(after) ? sql`true` : sql`e.seq > ${after}::bigint`}
        and ${types === undefined ? sql`true` : kinds[types]}
        and ${connectorId === undefined ? sql`true` : sql`e.connector_id = ${connectorId}`}
        and ${agentId === undefined ? sql`true` : sql`e.agent_id = ${agentId}`}
        and ${subjectId === undefined ? sql`true` : sql`e.subjects @> array[${subjectId}]`}
        and ${grantId === undefined ? sql`true` : sql`e.grant_id = ${grantId}`}
        and ${principalId === undefined ? sql`true` : sql`e.principal_id = ${principalId}`}
        and ${from === undefined ? sql`true` : sql`e.time >= ${from}::timestamptz`}
        and ${to === undefined ? sql`true` : sql`e.time < ${to}::timestamptz`}`;
    // What one thing is about has an index of its own.
    const isNarrow = [connectorId, agentId, subjectId, grantId, principalId].some((id) => id !== undefined);
    const where =
      isNarrow || seesAllAccess(caller)
        ? sql`${visibleEvents(caller)} and ${filter}`
        : await among(tx, {
            rows: sql`audit_event e`,
            columns: [sql`e.connector_id`, sql`e.agent_id`],
            subjects: ownedIds(caller.id),
            other: sql`e.principal_id = ${caller.id}`,
            filter,
            order: newest,
            limit: limit + 1,
          });
    const rows = await selectEvents(tx, where, limit + 1);
    return pageOf(rows, limit, toEvent, ({ seq }) => ({ at: seq, id: seq }));
  },
});
