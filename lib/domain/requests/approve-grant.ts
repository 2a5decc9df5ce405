import { DomainError } from "#lib/contract/errors.ts";
import type { Scope } from "#lib/contract/grants.ts";
import { approvalInForce } from "#lib/domain/connectors/get.ts";
import { findConnector } from "#lib/domain/connectors/rows.ts";
import { intendedScopes, issueGrants, type NewGrant } from "#lib/domain/grants/issue.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import type { Approved } from "#lib/domain/requests/approve.ts";
import { grantContent } from "#lib/domain/requests/terms.ts";

const day = 86_400_000;

/** Starts the grant that was asked for, from now until the earliest of all ends. An extension takes the place of its grant. */
export async function approveGrant(
  context: Context,
  approval: Approved,
  narrowed: boolean,
  write: () => Promise<void>,
): Promise<NewEvent[]> {
  const { tx, now, caller } = context;
  const { row, tools } = approval;
  await lockRow(tx, "connector", row.connector_id);
  const connector = await findConnector(tx, row.connector_id);
  const inForce = connector === null ? null : await approvalInForce(tx, connector);
  if (connector?.approved_version_id !== row.version_id || inForce === null || connector.status === "retired") {
    throw new DomainError(
      "stale_digest",
      "The connector has another version now. The request has to be submitted again.",
    );
  }
  const { principal, scope, durationDays } = await grantContent(tx, row);
  await write();
  const expiresAt = new Date(
    Math.min(now.getTime() + durationDays * day, approval.expiresAt.getTime(), inForce.expiresAt.getTime()),
  );
  const ended: NewEvent[] = [];
  if (row.grant_id !== null) {
    const { count } = await tx.grant.updateMany({
      where: { id: row.grant_id, status: "active" },
      data: { status: "revoked", reason: "extended", endedAt: now, endedBy: caller.id, rowVersion: { increment: 1 } },
    });
    if (count === 0) throw new DomainError("stale_digest", "The grant to extend has ended meanwhile.");
    ended.push({ type: "grant.revoked", subjects: [row.grant_id], grantId: row.grant_id, data: { by: "extension" } });
  }
  const grants = scopesOf(scope, narrowed ? tools : null).map(
    (one): NewGrant => ({
      principalKind: principal.kind,
      principalId: principal.id,
      scope: one,
      expiresAt,
      ...(row.grant_id === null ? {} : { continues: row.grant_id }),
    }),
  );
  const from = {
    requestId: row.id,
    approvalId: approval.id,
    connectorId: row.connector_id,
    versionId: row.version_id,
    enabled: connector.status !== "approved",
  };
  return [...ended, ...(await issueGrants(tx, now, from, grants))];
}

/** The scope as asked for, or by the names that the reviewers left. */
function scopesOf(scope: Scope, tools: readonly string[] | null): Scope[] {
  if (tools === null) return [scope];
  return intendedScopes(tools, scope).map((part) => ({ ...part, actions: scope.actions }));
}
