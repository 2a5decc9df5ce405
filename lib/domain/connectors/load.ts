import type { ResourceFacts } from "#lib/core/permit.ts";
import { type ConnectorRow, connectorFacts, findConnector } from "#lib/domain/connectors/rows.ts";
import type { Context, Loaded } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";

/** A connector by id or slug for reading. */
export async function loadConnector(
  { tx }: Context,
  { connectorId }: { connectorId: string },
): Promise<Loaded<ConnectorRow & { facts: ResourceFacts }>> {
  const connector = await findConnector(tx, connectorId);
  if (connector === null) return null;
  const facts = await connectorFacts(tx, connector);
  return { resource: { ...connector, facts }, facts };
}

/** The same for a change: locked, then read, so that two who change it at once come one after the other. */
export async function lockConnector(
  context: Context,
  { connectorId }: { connectorId: string },
): Promise<Loaded<ConnectorRow & { facts: ResourceFacts }>> {
  const connector = await findConnector(context.tx, connectorId);
  if (connector === null) return null;
  await lockRow(context.tx, "connector", connector.id);
  return loadConnector(context, { connectorId: connector.id });
}
