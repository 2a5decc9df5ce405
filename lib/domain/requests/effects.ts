import type { InspectedTool } from "#lib/contract/probes.ts";
import { type Effect, effectRank } from "#lib/core/effect.ts";
import type { ToolLabel } from "#lib/core/review/tier.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

/** What a tool of a connector counts as now, and the definitions for which two people changed what was inferred. */
export type KnownTool = { id: string; effect: Effect; labels: string[]; digests: string[] };

/** The tools that a connector has already, by `keyOf`. */
export async function knownTools(tx: Tx, connectorId: string | null): Promise<Map<string, KnownTool>> {
  if (connectorId === null) return new Map();
  const rows = await queryRows<KnownTool & { kind: string; name: string }>(
    tx,
    sql`select t.id, t.kind, t.name, t.effect, t.labels, array(${relabelled}) as digests
        from tool t where t.connector_id = ${connectorId}`,
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Digests of the definitions of tool `t` that existed when two people said what it counts as. */
export const relabelled = sql`select k.digest from version_tool k join connector_version v on v.id = k.version_id
  join change_decision d on d.change_id = t.change_id where k.tool_id = t.id and v.created_at < d.created_at`;

export function keyOf({ kind, name }: { kind: string; name: string }): string {
  return `${kind} ${name}`;
}

/**
 * What a tool counts as when its version is approved: what two people said about exactly this definition, else the worse of
 * what it counts as now and what its definition suggests.
 */
export function effectOf(
  tool: Pick<InspectedTool, "digest" | "effect" | "labels">,
  known: KnownTool | undefined,
): { effect: Effect; labels: ToolLabel[] } {
  if (known === undefined) return { effect: tool.effect, labels: tool.labels as ToolLabel[] };
  if (known.digests.includes(tool.digest)) return { effect: known.effect, labels: known.labels as ToolLabel[] };
  const effect = effectRank[tool.effect] > effectRank[known.effect] ? tool.effect : known.effect;
  return { effect, labels: [...new Set([...known.labels, ...tool.labels])] as ToolLabel[] };
}
