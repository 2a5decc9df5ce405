import type { Scope } from "#lib/contract/grants.ts";
import { SCOPE_LIMITS } from "#lib/core/scope/scope.ts";
import type { Tx } from "#lib/db/tx.ts";
import type { NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** A grant as an approved request gives it. */
export type NewGrant = {
  principalKind: "agent" | "team";
  principalId: string;
  scope: Scope;
  expiresAt: Date;
  /** The earlier grant that it continues (extension, new version). */
  continues?: string;
};

/** Scopes that let an agent see and call tools by name; several where one cannot hold all names. */
export function intendedScopes(
  names: readonly string[],
  { constraints, rate }: Pick<Scope, "constraints" | "rate">,
): Scope[] {
  const sorted = [...new Set(names)].sort();
  const scopes: Scope[] = [];
  for (let at = 0; at < sorted.length; at += SCOPE_LIMITS.names) {
    const part = sorted.slice(at, at + SCOPE_LIMITS.names);
    scopes.push({ tools: { names: part }, actions: ["discover", "invoke"], constraints, rate });
  }
  return scopes;
}

/** Issues grants from an approval, in its transaction. They are active at once where their connector is enabled. */
export async function issueGrants(
  tx: Tx,
  now: Date,
  from: { requestId: string; approvalId: string; connectorId: string; versionId: string; enabled: boolean },
  grants: readonly NewGrant[],
): Promise<NewEvent[]> {
  if (grants.length === 0) return [];
  const { requestId, approvalId, connectorId, versionId, enabled } = from;
  const rows = grants.map(({ continues: _, ...grant }) => ({
    id: newId("grt"),
    requestId,
    approvalId,
    connectorId,
    versionId,
    ...grant,
    startsAt: now,
    status: enabled ? "active" : "pending",
  }));
  await tx.grant.createMany({ data: rows });
  return rows.map((row, index): NewEvent => {
    const continues = grants[index]?.continues;
    return {
      type: continues === undefined ? "grant.issued" : "grant.extended",
      subjects: [row.id, ...(continues === undefined ? [] : [continues])],
      grantId: row.id,
      connectorId,
      ...(row.principalKind === "agent" ? { agentId: row.principalId } : {}),
      data: { request: requestId, expires: row.expiresAt.toISOString(), status: row.status },
    };
  });
}
