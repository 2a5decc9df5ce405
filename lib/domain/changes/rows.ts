import type { Change } from "#lib/contract/changes.ts";
import { allowed, type Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

export type ChangeRow = {
  id: string;
  operation: string;
  subject_id: string;
  input: Record<string, unknown>;
  summary: string;
  reason: string;
  proposed_by: string;
  proposer: string;
  proposer_status: "active" | "suspended";
  beneficiaries: string[];
  created_at: Date;
  /** With microseconds, for cursors. */
  created_cursor: string;
  expires_at: Date;
  verdict: "confirm" | "reject" | "expire" | null;
  decided_by: string | null;
  decider: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  state: Change["state"];
};

/** Changes with their decisions, newest first. `where` may use the alias `c` and the column `state`. */
export function selectChanges(tx: Tx, where: Prisma.Sql, limit: number): Promise<ChangeRow[]> {
  return queryRows<ChangeRow>(
    tx,
    sql`select * from (
          select c.*, c.created_at::text as created_cursor, p.name as proposer, p.status as proposer_status, d.verdict, d.decided_by, u.name as decider, d.created_at as decided_at, d.reason as decision_reason,
            case when d.verdict = 'confirm' then 'confirmed' when d.verdict = 'reject' then 'rejected'
              when d.verdict = 'expire' or c.expires_at <= now() then 'expired' else 'proposed' end as state
          from change c join app_user p on p.id = c.proposed_by
          left join change_decision d on d.change_id = c.id left join app_user u on u.id = d.decided_by) c
        where ${where} order by c.created_at desc, c.id desc limit ${limit}`,
  );
}

/** What the permission table needs to know of a change. */
export function changeFacts(row: ChangeRow) {
  return {
    requesterId: row.proposed_by,
    change: { operation: row.operation, beneficiaryIds: row.beneficiaries },
  };
}

export function toChange(row: ChangeRow, caller: Caller): Change {
  const fresh = { ...caller, interactiveSignInAgeSeconds: 0 };
  return {
    id: row.id,
    operation: row.operation,
    subjectId: row.subject_id,
    summary: row.summary,
    reason: row.reason,
    input: row.input,
    state: row.state,
    proposedBy: { id: row.proposed_by, name: row.proposer },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decider ?? row.decided_by },
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionReason: row.decision_reason,
    mayConfirm: row.state === "proposed" && allowed(fresh, "change:confirm", changeFacts(row)),
  };
}
