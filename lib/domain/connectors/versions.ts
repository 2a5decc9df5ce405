import { DomainError } from "#lib/contract/errors.ts";
import { sql } from "#lib/db/tx.ts";
import { loadConnector } from "#lib/domain/connectors/load.ts";
import { selectVersions, toVersion, versionDiff, versionTools } from "#lib/domain/connectors/version-content.ts";
import { implementQuery } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listVersions = implementQuery("connectors.versions", {
  load: loadConnector,
  async run({ tx }, connector, { cursor, limit }) {
    const after = readCursor(cursor);
    const below = after === null ? sql`true` : sql`v.number < ${Number(after.at)}`;
    const rows = await selectVersions(tx, sql`v.connector_id = ${connector.id} and ${below}`, limit + 1);
    return pageOf(rows, limit, toVersion, ({ number, id }) => ({ at: String(number), id }));
  },
});

export const getVersion = implementQuery("connectors.version", {
  load: loadConnector,
  async run({ tx }, connector, { versionId, against }) {
    const [version] = await selectVersions(tx, sql`v.id = ${versionId} and v.connector_id = ${connector.id}`, 1);
    if (version === undefined) throw new DomainError("not_found");
    const earlier = against === undefined ? sql`v.number < ${version.number}` : sql`v.id = ${against}`;
    const [other] = await selectVersions(tx, sql`v.connector_id = ${connector.id} and ${earlier}`, 1);
    if (against !== undefined && other === undefined) throw new DomainError("not_found");
    const tools = await versionTools(tx, version.id);
    const diff = other === undefined ? [] : versionDiff(other, await versionTools(tx, other.id), version, tools);
    return { ...toVersion(version), tools, diff, comparedWith: other?.id ?? null };
  },
});
