import type { Request } from "#lib/contract/requests.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

export type RequestRow = {
  id: string;
  kind: Request["kind"];
  state: Request["state"];
  title: string;
  requester_id: string;
  requester: string | null;
  connector_id: string | null;
  connector_slug: string | null;
  version_id: string | null;
  grant_id: string | null;
  digest: string | null;
  tier: Request["tier"];
  classification: "public" | "internal" | "confidential" | "restricted" | null;
  config_version: number | null;
  round: number;
  /** As decided on in this round, or as a draft has it. */
  form: Record<string, unknown>;
  /** The edited form that waits to be submitted again. */
  edit: Record<string, unknown> | null;
  edit_version: number;
  agent_ids: string[];
  last_editor: string | null;
  submitted_at: Date | null;
  due_at: Date | null;
  decided_at: Date | null;
  created_at: Date;
  updated_at: Date;
  row_version: number;
  /** With microseconds, for cursors. */
  created_cursor: string;
};

/** States in which a request waits for somebody. */
export const openStates = ["submitted", "in_review", "changes_requested"] as const;

/** Requests, newest first, without their content. `where` may use the aliases `r` and `c` (its connector). */
export function selectRequests(tx: Tx, where: Prisma.Sql, limit: number, order?: Prisma.Sql): Promise<RequestRow[]> {
  return queryRows<RequestRow>(
    tx,
    sql`select r.id, r.kind, r.state, r.title, r.requester_id, u.name as requester, r.connector_id, c.slug as connector_slug, r.version_id,
          r.grant_id, r.digest, r.tier, r.classification, r.config_version, r.round, r.form, e.form as edit,
          coalesce(e.row_version, 0) as edit_version, r.agent_ids, case when r.kind in ('connector', 'version') then v.created_by end as last_editor,
          r.submitted_at, r.due_at, r.decided_at, r.created_at, greatest(r.updated_at, e.updated_at) as updated_at, r.row_version,
          r.created_at::text as created_cursor
        from request r left join connector c on c.id = r.connector_id left join app_user u on u.id = r.requester_id
        left join connector_version v on v.id = r.version_id left join request_edit e on e.request_id = r.id
        where ${where} order by ${order ?? sql`r.created_at desc, r.id desc`} limit ${limit}`,
  );
}

/** One request, or null. */
export async function findRequest(tx: Tx, id: string): Promise<RequestRow | null> {
  const [row] = await selectRequests(tx, sql`r.id = ${id}`, 1);
  return row ?? null;
}

/** Counts up with every saved edit, of the row and of the form that waits. */
export function versionOf(row: RequestRow): number {
  return row.row_version + row.edit_version;
}
