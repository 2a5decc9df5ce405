import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import type { Caller } from "#lib/core/permit.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { visibleConnectors } from "#lib/domain/connectors/rows.ts";
import type { Context } from "#lib/domain/implement.ts";
import { ownerPeople } from "#lib/domain/owners.ts";

/** Roles that see who can call what everywhere; owners see it for what they own. */
export function seesAllAccess(caller: Caller): boolean {
  return caller.kind === "system" || caller.roles.some((role) => role !== "administrator");
}

/**
 * Resolves what an access question is about: ids or slugs to ids, with the people who own them; null where one is missing. A connector that
 * the caller may not see, and so a tool of it, counts as missing.
 */
export async function resolveTarget(
  { tx, caller }: Pick<Context, "tx" | "caller">,
  {
    agentId,
    connectorId,
    toolId,
  }: { agentId?: string | undefined; connectorId?: string | undefined; toolId?: string | undefined },
) {
  const [agent] =
    agentId === undefined
      ? []
      : await queryRows<{ id: string; name: string }>(
          tx,
          sql`select id, name from agent where id = ${agentId} or slug = ${agentId}`,
        );
  const [tool] =
    toolId === undefined
      ? []
      : await queryRows<{ id: string; connector_id: string; name: string; kind: CapabilityKind }>(
          tx,
          sql`select id, connector_id, name, kind from tool where id = ${toolId}`,
        );
  const wanted = connectorId ?? tool?.connector_id;
  const [connector] =
    wanted === undefined
      ? []
      : await queryRows<{ id: string; slug: string }>(
          tx,
          sql`select c.id, c.slug from connector c where (c.id = ${wanted} or c.slug = ${wanted}) and ${visibleConnectors(caller)}`,
        );
  if ((agentId !== undefined && agent === undefined) || (toolId !== undefined && tool === undefined)) return null;
  if (wanted !== undefined && connector === undefined) return null;
  const subjects = [agent?.id, connector?.id].filter((id) => id !== undefined);
  const ownerIds = (await Promise.all(subjects.map((id) => ownerPeople(tx, id)))).flat();
  return { agent: agent ?? null, connector: connector ?? null, tool: tool ?? null, ownerIds };
}
