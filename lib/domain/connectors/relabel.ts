import { DomainError } from "#lib/contract/errors.ts";
import { sql } from "#lib/db/tx.ts";
import { connectorFacts, findConnector } from "#lib/domain/connectors/rows.ts";
import { selectTools } from "#lib/domain/connectors/tools-list.ts";
import { implementTwo, type NewEvent } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";

/** Effects and labels decide what grants cover and what is recorded, so changing them takes two. */
export const relabelTool = implementTwo("tools.relabel", {
  async load({ tx }, { toolId }) {
    await lockRow(tx, "tool", toolId);
    const [tool] = await selectTools(tx, sql`t.id = ${toolId}`, 1);
    const connector = tool === undefined ? null : await findConnector(tx, tool.connector_id);
    if (tool === undefined || connector === null) return null;
    return { resource: tool, facts: await connectorFacts(tx, connector) };
  },
  async propose(_context, tool, { effect, labels }) {
    if (effect === tool.effect && sameSet(labels, tool.labels)) {
      throw new DomainError("invalid_input", "This is what the tool has already.");
    }
    const labelled = labels.length === 0 ? "no labels" : labels.join(", ");
    return {
      subjectId: tool.id,
      summary: `Let ${tool.name} of ${tool.connector_slug} count as ${effect} with ${labelled}`,
      beneficiaries: [],
    };
  },
  async applyChange({ tx }, tool, { effect, labels }, change) {
    await tx.tool.update({
      where: { id: tool.id },
      data: { effect, labels, confirmedBy: change.decidedBy, changeId: change.id, rowVersion: { increment: 1 } },
    });
    const named = { subjects: [tool.connector_id, tool.id], connectorId: tool.connector_id };
    const labelled: NewEvent = {
      type: "tool.labels-changed",
      ...named,
      data: { tool: tool.id, labels, change: change.id },
    };
    if (effect === tool.effect) return [labelled];
    return [
      { type: "tool.effect-confirmed", ...named, data: { tool: tool.id, was: tool.effect, effect, change: change.id } },
      ...(sameSet(labels, tool.labels) ? [] : [labelled]),
    ];
  },
});

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
