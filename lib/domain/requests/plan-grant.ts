import type { Issue } from "#lib/contract/errors.ts";
import type { Scope } from "#lib/contract/grants.ts";
import { canonicalize } from "#lib/core/canonical.ts";
import { allowed } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";
import { isWideGrant } from "#lib/core/review/stages.ts";
import type { Tier } from "#lib/core/review/tier.ts";
import { selects } from "#lib/core/scope/covers.ts";
import { parseScope } from "#lib/core/scope/parse.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import type { Tx } from "#lib/db/tx.ts";
import { approvalInForce } from "#lib/domain/connectors/get.ts";
import { type ConnectorRow, findConnector } from "#lib/domain/connectors/rows.ts";
import { findGrant, type GrantRow, grantFacts } from "#lib/domain/grants/rows.ts";
import { type FormOf, readForm } from "#lib/domain/requests/forms.ts";
import type { Draft } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { connectorOwners } from "#lib/domain/requests/world.ts";

/** What a grant would cover, for whom, on which version. */
type Wish = {
  kind: "grant" | "extension";
  principalKind: "agent" | "team";
  principalId: string;
  scope: unknown;
  durationDays: number | null;
  /** Of an extension: the grant that it continues and the version that this one is about. */
  grantId: string | null;
  versionId: string | null;
};

export async function planGrant(tx: Tx, row: RequestRow, raw: Record<string, unknown>, _now: Date): Promise<Draft> {
  const { whole, partial, problems } = readForm("grant", raw);
  const found = partial.connectorId === undefined ? null : await findConnector(tx, partial.connectorId);
  // Grants are asked for from the catalogue; what is not in it is not there, for whoever asks.
  const connector =
    found !== null && ["approved", "enabled", "suspended", "quarantined"].includes(found.status) ? found : null;
  if (partial.connectorId !== undefined && connector === null) problems.push(noConnector);
  const wish: Wish | null =
    partial.principalKind === undefined || partial.principalId === undefined || partial.scope === undefined
      ? null
      : {
          kind: "grant",
          principalKind: partial.principalKind,
          principalId: partial.principalId,
          scope: partial.scope,
          durationDays: partial.durationDays ?? null,
          grantId: null,
          versionId: null,
        };
  return plan(tx, row, connector, wish, whole, problems, partial.durationDays ?? null);
}

export async function planExtension(tx: Tx, row: RequestRow, raw: Record<string, unknown>, _now: Date): Promise<Draft> {
  const { whole, partial, problems } = readForm("extension", raw);
  const grant = partial.grantId === undefined ? null : await visibleGrant(tx, partial.grantId, row.requester_id);
  if (partial.grantId !== undefined && (grant === null || grant.status !== "active")) {
    problems.push({ path: "grantId", message: "This grant has ended. Request a new one." });
  }
  const connector = grant === null ? null : await findConnector(tx, grant.connector_id);
  const wish: Wish | null =
    grant === null
      ? null
      : {
          kind: "extension",
          principalKind: grant.principal_kind,
          principalId: grant.principal_id,
          scope: grant.scope,
          durationDays: partial.durationDays ?? null,
          grantId: grant.id,
          versionId: grant.version_id,
        };
  return plan(tx, row, connector, wish, whole, problems, partial.durationDays ?? null);
}

/** The grant, when whoever asks may see it: one that they may not see is not there. */
async function visibleGrant(tx: Tx, id: string, requesterId: string): Promise<GrantRow | null> {
  const grant = await findGrant(tx, id);
  if (grant === null) return null;
  const held = await tx.roleAssignment.findMany({ where: { userId: requesterId, revokedAt: null } });
  const roles = held.map(({ role }) => role as Role);
  const asker = { kind: "user", id: requesterId, roles, via: "session", interactiveSignInAgeSeconds: null } as const;
  return allowed(asker, "grant:read", grantFacts(grant)) ? grant : null;
}

const noConnector: Issue = { path: "connectorId", message: "Choose a connector that is enabled." };

async function plan(
  tx: Tx,
  row: RequestRow,
  connector: ConnectorRow | null,
  wish: Wish | null,
  whole: FormOf["grant"] | FormOf["extension"] | null,
  problems: Issue[],
  durationDays: number | null,
): Promise<Draft> {
  const owners = connector === null ? [] : ((await connectorOwners(tx, [connector.id])).get(connector.id) ?? []);
  const base = {
    problems,
    why: [],
    matter: { requesterId: row.requester_id, lastEditorId: null, owners },
    durationDays,
    unchanged: wish?.kind === "extension" && wish.versionId === connector?.approved_version_id,
  };
  const principals = wish === null ? [] : await principalsOf(tx, wish, problems);
  const approval = connector === null ? null : await approvalInForce(tx, connector);
  const versionId = connector?.approved_version_id ?? null;
  if (
    connector === null ||
    wish === null ||
    approval === null ||
    versionId === null ||
    connector.status !== "enabled"
  ) {
    if (connector !== null && connector.status !== "enabled") problems.push(noConnector);
    const tier = connector?.tier ?? null;
    return { ...base, tier, agentIds: principals, grantIsWide: true, proposal: null };
  }
  const tier: Tier = approval.tier;
  const scope = readScope(wish.scope, problems);
  if (scope === null) return { ...base, tier, agentIds: principals, grantIsWide: true, proposal: null };
  if ("names" in scope.tools) {
    for (const [index, name] of scope.tools.names.entries()) {
      if (approval.tools.includes(name)) continue;
      const message = `${JSON.stringify(name)} is not an approved tool of ${connector.slug}.`;
      problems.push({ path: `scope.tools.names.${index}`, message });
    }
  }
  const version = await tx.connectorVersion.findUniqueOrThrow({ where: { id: versionId }, select: { digest: true } });
  const content = canonicalize({
    kind: wish.kind,
    principal: { kind: wish.principalKind, id: wish.principalId },
    connectorId: connector.id,
    versionDigest: version.digest,
    scope: scope as unknown as Parameters<typeof canonicalize>[0],
    durationDays: wish.durationDays,
    ...(wish.grantId === null ? {} : { grantId: wish.grantId }),
  });
  return {
    ...base,
    tier,
    agentIds: principals,
    grantIsWide: await isWide(tx, connector.id, tier, scope),
    proposal:
      whole === null
        ? null
        : {
            of: "grant",
            form: whole,
            connectorId: connector.id,
            versionId,
            grantId: wish.grantId,
            classification: connector.classification,
            scope,
            content,
          },
  };
}

/** The principal itself and, of a team, its agents: their owners gain by the grant and never decide on it. */
async function principalsOf(tx: Tx, { principalKind, principalId }: Wish, problems: Issue[]): Promise<string[]> {
  const path = "principalId";
  if (principalKind === "agent") {
    const agent = await tx.agent.findFirst({ where: { id: principalId, status: "active" } });
    if (agent === null) problems.push({ path, message: "Choose an active agent." });
    return [principalId];
  }
  const team = await tx.team.findUnique({ where: { id: principalId } });
  const members = await tx.teamMember.findMany({
    where: { teamId: principalId, memberKind: "agent", removedAt: null },
    select: { memberId: true },
  });
  if (team === null || members.length === 0) problems.push({ path, message: "Choose a team that has agents." });
  return [principalId, ...members.map(({ memberId }) => memberId)];
}

function readScope(input: unknown, problems: Issue[]): Scope | null {
  const parsed = parseScope(input);
  if (parsed.ok) return parsed.scope as Scope;
  for (const { path, message } of parsed.issues) problems.push({ path: `scope${path.replaceAll("/", ".")}`, message });
  return null;
}

/** Whether a scope includes write, destructive or, on medium and above, tools called without a constraint. */
async function isWide(tx: Tx, connectorId: string, tier: Tier, scope: Scope): Promise<boolean> {
  const tools = await tx.tool.findMany({
    where: { connectorId, status: "active" },
    select: { name: true, effect: true },
  });
  const covered = (tools as { name: string; effect: "read" | "write" | "destructive" | "unknown" }[])
    .filter((tool) => selects(scope as CoreScope, tool))
    .map(({ name, effect }) => ({
      effect,
      constrained:
        !scope.actions.includes("invoke") || scope.constraints.some(({ tool }) => tool === undefined || tool === name),
    }));
  const byEffect = "effects" in scope.tools && scope.tools.effects.some((effect) => effect !== "read");
  return byEffect || isWideGrant(tier, covered);
}
