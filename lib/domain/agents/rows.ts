import type { Agent, AgentSort } from "#lib/contract/agents.ts";
import type { Caller } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { Loaded } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { cursorText, type Order, orderBy, orderOf, type Sortable } from "#lib/domain/order.ts";
import { ownedBy, ownerPeople, ownersOf, principalsOf } from "#lib/domain/owners.ts";

export type AgentRow = {
  id: string;
  slug: string;
  name: string;
  purpose: string;
  environment: string;
  labels: string[];
  status: Agent["status"];
  reason: string | null;
  created_at: Date;
  /** What the list is ordered by. */
  cursor: string;
  row_version: number;
  active_grants: number;
  last_call_at: Date | null;
};

/** The agents that a caller may see: reviewers and auditors all, everyone else those that they own. */
export function visibleAgents(caller: Caller): Prisma.Sql {
  const sees = caller.kind === "system" || caller.roles.some((role) => role !== "administrator");
  return sees ? sql`true` : ownedBy(sql`a.id`, caller.id);
}

const sortables = {
  // Exactly the expression of the index `agent_sorted`.
  name: { column: sql`lower(a.name) collate "C"`, type: "text" },
  slug: { column: sql`a.slug`, type: "text" },
  createdAt: { column: sql`a.created_at`, type: "timestamptz" },
} as const satisfies Record<string, Sortable>;

/** The order that a list of agents asks for. */
export function agentOrder(sort: AgentSort): Order {
  return orderOf(sortables, sql`a.id`, sort);
}

/** Agents with their counts, newest first unless told. `where` may use the alias `a`. */
export function selectAgents(
  tx: Tx,
  where: Prisma.Sql,
  limit: number,
  order = agentOrder("-createdAt"),
): Promise<AgentRow[]> {
  return queryRows<AgentRow>(
    tx,
    sql`select a.*, ${cursorText(order)} as cursor,
          (select count(*)::int from scope_grant g where g.status = 'active' and g.expires_at > now()
            and g.principal_id = any (${principalsOf(sql`a.id`)})) as active_grants,
          (select e.time from audit_event e where e.agent_id = a.id and e.type = 'call.intent' order by e.seq desc limit 1) as last_call_at
        from (select * from agent a where ${where} order by ${orderBy(order)} limit ${limit}) a
        order by ${orderBy(order)}`,
  );
}

/** Rows as the API shows them, owners included. */
export async function toAgents(tx: Tx, rows: readonly AgentRow[]): Promise<Agent[]> {
  const owners = await ownersOf(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    purpose: row.purpose,
    environment: row.environment,
    labels: row.labels,
    status: row.status,
    statusReason: row.reason,
    owners: owners.get(row.id) ?? [],
    createdAt: row.created_at.toISOString(),
    activeGrants: row.active_grants,
    lastCallAt: row.last_call_at?.toISOString() ?? null,
    rowVersion: row.row_version,
  }));
}

/** One agent by id or slug, or null. */
export async function findAgent(tx: Tx, idOrSlug: string): Promise<AgentRow | null> {
  const [row] = await selectAgents(tx, sql`(a.id = ${idOrSlug} or a.slug = ${idOrSlug})`, 1);
  return row ?? null;
}

/** An agent by id or slug for a change, with its owners: locked, then read, so that two who change it at once come one after the other. */
export async function lockAgent(tx: Tx, agentId: string): Promise<Loaded<{ agent: AgentRow; ownerIds: string[] }>> {
  const [known] = await queryRows<{ id: string }>(
    tx,
    sql`select id from agent where id = ${agentId} or slug = ${agentId}`,
  );
  if (known === undefined) return null;
  await lockRow(tx, "agent", known.id);
  const agent = await findAgent(tx, known.id);
  if (agent === null) return null;
  const ownerIds = await ownerPeople(tx, agent.id);
  return { resource: { agent, ownerIds }, facts: { ownerIds } };
}

/** The agent as the API shows it, read again after a change. */
export async function agentById(tx: Tx, id: string): Promise<Agent> {
  const [agent] = await toAgents(tx, await selectAgents(tx, sql`a.id = ${id}`, 1));
  if (agent === undefined) throw new Error(`agent ${id} vanished inside its transaction`);
  return agent;
}
