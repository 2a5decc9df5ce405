import type { FieldChange, Version, VersionTool } from "#lib/contract/connectors.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import { diffSnapshots } from "#lib/core/inspection/diff.ts";
import type { CapabilityKind, ServerIdentity, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";

export type VersionRow = {
  id: string;
  connector_id: string;
  number: number;
  status: Version["status"];
  digest: string;
  identity: Record<string, unknown>;
  findings: Version["findings"];
  created_by: string;
  creator: string | null;
  created_at: Date;
};

type ToolRow = {
  tool_id: string;
  kind: CapabilityKind;
  name: string;
  digest: string;
  definition: string;
  inferred: VersionTool["effect"];
  effect: VersionTool["effect"];
  why: string[];
  labels: string[];
};

/** Versions without their content, newest first. `where` may use the alias `v`. */
export function selectVersions(tx: Tx, where: Prisma.Sql, limit: number): Promise<VersionRow[]> {
  return queryRows<VersionRow>(
    tx,
    sql`select v.id, v.connector_id, v.number, v.status, v.digest, v.identity, v.findings, v.created_by, u.name as creator, v.created_at
        from connector_version v left join app_user u on u.id = v.created_by
        where ${where} order by v.number desc limit ${limit}`,
  );
}

export function toVersion(row: VersionRow): Version {
  return {
    id: row.id,
    connectorId: row.connector_id,
    number: row.number,
    status: row.status,
    digest: row.digest,
    identity: row.identity,
    findings: row.findings,
    createdBy: { id: row.created_by, name: row.creator ?? row.created_by },
    createdAt: row.created_at.toISOString(),
  };
}

/** The capabilities of a version with the effect now in force, by kind and name. */
export async function versionTools(tx: Tx, versionId: string): Promise<VersionTool[]> {
  const rows = await queryRows<ToolRow>(
    tx,
    sql`select w.tool_id, w.kind, w.name, w.digest, convert_from(w.definition, 'UTF8') as definition, w.effect as inferred,
          t.effect, w.why, t.labels
        from version_tool w join tool t on t.id = w.tool_id where w.version_id = ${versionId} order by w.kind desc, w.name`,
  );
  return rows.map((row) => ({
    toolId: row.tool_id,
    kind: row.kind,
    name: row.name,
    digest: row.digest,
    definition: JSON.parse(row.definition) as Record<string, unknown>,
    inferredEffect: row.inferred,
    effect: row.effect,
    why: row.why,
    labels: row.labels,
  }));
}

/** What differs from one version to another, field by field, as the decision page shows it. */
export function versionDiff(
  before: VersionRow,
  beforeTools: readonly VersionTool[],
  after: VersionRow,
  afterTools: readonly VersionTool[],
): FieldChange[] {
  const { identity, capabilities } = diffSnapshots(snapshotOf(before, beforeTools), snapshotOf(after, afterTools));
  return [
    ...identity.map((field) => ({ group: "identity", ...field })),
    ...capabilities.flatMap(({ kind, name, fields }) =>
      fields.map((field) => ({ group: `${kind} ${name}`, ...field })),
    ),
  ];
}

function snapshotOf(row: VersionRow, tools: readonly VersionTool[]): ServerSnapshot {
  return {
    identity: row.identity as unknown as ServerIdentity,
    capabilities: tools.map(({ kind, name, definition }) => ({ kind, name, definition: definition as JsonObject })),
  };
}
