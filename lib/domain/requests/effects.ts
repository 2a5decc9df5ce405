import type { InspectedTool } from "#lib/contract/probes.ts";
import { type Effect, effectRank } from "#lib/core/effect.ts";
import type { ToolLabel } from "#lib/core/review/tier.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

/** What review said about a tool of a connector, and the definitions that it said it about. */
export type KnownTool = { id: string; effect: Effect; labels: string[]; digests: string[] };

/** The tools that a connector has already, by `keyOf`. `butVersion` leaves out the definitions of one version. */
export async function knownTools(
  tx: Tx,
  connectorId: string | null,
  butVersion: string | null = null,
): Promise<Map<string, KnownTool>> {
  if (connectorId === null) return new Map();
  const rows = await queryRows<KnownTool & { kind: string; name: string }>(
    tx,
    sql`select t.id, t.kind, t.name, t.effect, t.labels, array(select w.digest from version_tool w
            where w.tool_id = t.id and w.version_id is distinct from ${butVersion}) as digests
        from tool t where t.connector_id = ${connectorId}`,
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

export function keyOf({ kind, name }: { kind: string; name: string }): string {
  return `${kind} ${name}`;
}

/**
 * What a tool counts as when its version is approved: what review said where the definition is one that review knew,
 * else the worse of that and what its new definition suggests.
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
