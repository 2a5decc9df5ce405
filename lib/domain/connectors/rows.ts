import type { Connector, ConnectorSort } from "#lib/contract/connectors.ts";
import type { Caller, ResourceFacts } from "#lib/core/permit.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { cursorText, type Order, orderBy, orderOf, type Sortable } from "#lib/domain/order.ts";
import { ownedBy, ownerPeople, ownersOf } from "#lib/domain/owners.ts";
import { env } from "#lib/platform/env.ts";

export type ConnectorRow = {
  id: string;
  slug: string;
  name: string;
  purpose: string;
  environment: string;
  classification: Connector["classification"];
  tier: Connector["tier"];
  status: Connector["status"];
  reason: string | null;
  status_at: Date;
  transport: Connector["transport"];
  approved_version_id: string | null;
  created_by: string;
  created_at: Date;
  /** What the list is ordered by. */
  cursor: string;
  row_version: number;
  tool_count: number;
};

/** What the approved catalogue shows to everyone; what is only asked for, or gone, stays with those whom it concerns. */
const catalogue: readonly Connector["status"][] = ["approved", "enabled", "suspended", "quarantined"];

/** The connectors that a caller may see, as SQL over the alias `c`. */
export function visibleConnectors(caller: Caller): Prisma.Sql {
  if (caller.kind === "system" || caller.roles.length > 0) return sql`true`;
  return sql`(c.status in ('approved', 'enabled', 'suspended', 'quarantined') or c.created_by = ${caller.id}
    or ${ownedBy(sql`c.id`, caller.id)})`;
}

const sortables = {
  // Exactly the expression of the index `connector_sorted`.
  name: { column: sql`lower(c.name) collate "C"`, type: "text" },
  slug: { column: sql`c.slug`, type: "text" },
  createdAt: { column: sql`c.created_at`, type: "timestamptz" },
} as const satisfies Record<string, Sortable>;

/** The order that a list of connectors asks for. */
export function connectorOrder(sort: ConnectorSort): Order {
  return orderOf(sortables, sql`c.id`, sort);
}

/** Connectors with the number of tools that they offer, newest first unless told. `where` may use the alias `c`. */
export function selectConnectors(
  tx: Tx,
  where: Prisma.Sql,
  limit: number,
  order = connectorOrder("-createdAt"),
): Promise<ConnectorRow[]> {
  return queryRows<ConnectorRow>(
    tx,
    sql`select c.*, ${cursorText(order)} as cursor,
          (select count(*)::int from tool t where t.connector_id = c.id and t.status = 'active') as tool_count
        from (select * from connector c where ${where} order by ${orderBy(order)} limit ${limit}) c order by ${orderBy(order)}`,
  );
}

/** Rows as the API shows them, owners included. */
export async function toConnectors(tx: Tx, rows: readonly ConnectorRow[]): Promise<Connector[]> {
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
    classification: row.classification,
    tier: row.tier,
    status: row.status,
    statusReason: row.reason,
    statusAt: row.status_at.toISOString(),
    transport: row.transport,
    approvedVersionId: row.approved_version_id,
    owners: owners.get(row.id) ?? [],
    toolCount: row.tool_count,
    endpoint: `${env().AMBIT_GATEWAY_URL}/mcp/s/${row.slug}`,
    createdAt: row.created_at.toISOString(),
    rowVersion: row.row_version,
  }));
}

/** One connector by id or slug, or null. */
export async function findConnector(tx: Tx, idOrSlug: string): Promise<ConnectorRow | null> {
  const [row] = await selectConnectors(tx, sql`(c.id = ${idOrSlug} or c.slug = ${idOrSlug})`, 1);
  return row ?? null;
}

/** The connector as the API shows it, read again after a change. */
export async function connectorById(tx: Tx, id: string): Promise<Connector> {
  const [connector] = await toConnectors(tx, await selectConnectors(tx, sql`c.id = ${id}`, 1));
  if (connector === undefined) throw new Error(`connector ${id} vanished inside its transaction`);
  return connector;
}

/** What the permission table needs to know of a connector. */
export async function connectorFacts(tx: Tx, connector: ConnectorRow): Promise<ResourceFacts> {
  return {
    ownerIds: await ownerPeople(tx, connector.id),
    requesterId: connector.created_by,
    inCatalogue: catalogue.includes(connector.status),
  };
}
