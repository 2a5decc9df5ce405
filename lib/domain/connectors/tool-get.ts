import { queryRows, sql } from "#lib/db/tx.ts";
import { approvalInForce } from "#lib/domain/connectors/get.ts";
import { connectorFacts, findConnector } from "#lib/domain/connectors/rows.ts";
import { selectTools, toTool } from "#lib/domain/connectors/tools-list.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const getTool = implementQuery("tools.get", {
  async load({ tx }, { toolId }) {
    const [tool] = await selectTools(tx, sql`t.id = ${toolId}`, 1);
    const connector = tool === undefined ? null : await findConnector(tx, tool.connector_id);
    if (tool === undefined || connector === null) return null;
    return { resource: { tool, connector }, facts: await connectorFacts(tx, connector) };
  },
  async run({ tx }, { tool, connector }) {
    const [defined] = await queryRows<{ version_id: string; definition: string; digest: string; why: string[] }>(
      tx,
      sql`select w.version_id, convert_from(w.definition, 'UTF8') as definition, w.digest, w.why
          from version_tool w join connector_version v on v.id = w.version_id where w.tool_id = ${tool.id}
          order by (v.id = ${connector.approved_version_id}) desc, v.number desc limit 1`,
    );
    const [quarantine] = await queryRows<{
      reason: string;
      seen_digest: string | null;
      seen: unknown;
      created_at: Date;
    }>(
      tx,
      sql`select q.reason, q.seen_digest, q.seen, q.created_at from quarantine q where q.tool_id = ${tool.id}
            and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id) order by q.created_at desc limit 1`,
    );
    const approval =
      defined?.version_id === connector.approved_version_id ? await approvalInForce(tx, connector) : null;
    return {
      ...toTool(tool),
      definition: defined === undefined ? null : (JSON.parse(defined.definition) as Record<string, unknown>),
      digest: defined?.digest ?? null,
      why: defined?.why ?? [],
      approved: approval?.tools.includes(tool.name) === true,
      hold: approval?.holdTools.includes(tool.name) === true,
      quarantine:
        quarantine === undefined
          ? null
          : {
              reason: quarantine.reason,
              seenDigest: quarantine.seen_digest,
              seen: quarantine.seen,
              at: quarantine.created_at.toISOString(),
            },
    };
  },
});
