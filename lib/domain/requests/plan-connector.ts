import type { Issue } from "#lib/contract/errors.ts";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import type { Owner } from "#lib/core/review/eligibility.ts";
import { type Classification, proposeTier, type Tier, type TierFacts, type TierReason } from "#lib/core/review/tier.ts";
import { parseScope } from "#lib/core/scope/parse.ts";
import type { Tx } from "#lib/db/tx.ts";
import { type ConnectorRow, findConnector } from "#lib/domain/connectors/rows.ts";
import { intendedScopes } from "#lib/domain/grants/issue.ts";
import { effectOf, keyOf, knownTools } from "#lib/domain/requests/effects.ts";
import { readForm } from "#lib/domain/requests/forms.ts";
import { type Inspection, readInspection } from "#lib/domain/requests/inspection.ts";
import type { Draft } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { connectorOwners } from "#lib/domain/requests/world.ts";

/** A new connector, at first or submitted again. */
export async function planConnector(tx: Tx, row: RequestRow, raw: Record<string, unknown>, now: Date): Promise<Draft> {
  const { whole, partial, problems } = readForm("connector", raw);
  const found = partial.probeId === undefined ? null : await readInspection(tx, partial.probeId, row.requester_id, now);
  const inspection = found?.inspection ?? null;
  const connector = row.connector_id === null ? null : await findConnector(tx, row.connector_id);
  problems.push(...(found?.problems ?? []), ...(await slugProblems(tx, partial.slug, connector)));
  if (inspection !== null && partial.target !== undefined && !same(inspection.target, partial.target)) {
    problems.push({ path: "target", message: "This is not what was inspected. Inspect it again." });
  }
  if (partial.credentialId !== undefined && inspection !== null && inspection.credentialId !== partial.credentialId) {
    problems.push({ path: "credentialId", message: "Inspect the server with this credential first." });
  }
  const owners = ownersIn(partial, row.requester_id);
  problems.push(...(await ownerProblems(tx, partial, row.requester_id)));
  problems.push(...(await intentProblems(tx, partial)));
  const asked = await askedFor(tx, connector, inspection, partial.tools ?? [], partial.classification ?? null);
  problems.push(...asked.problems);
  const { classification } = partial;
  return {
    problems,
    tier: asked.tier,
    why: asked.why,
    agentIds: partial.agentIds ?? [],
    matter: { requesterId: row.requester_id, lastEditorId: row.requester_id, owners },
    durationDays: partial.durationDays ?? null,
    grantIsWide: true,
    unchanged: false,
    proposal:
      whole === null || inspection === null || classification === undefined
        ? null
        : { of: "version", form: whole, inspection, connector, classification },
  };
}

/** A new version of a registered connector, compared with the approved one. */
export async function planVersion(tx: Tx, row: RequestRow, raw: Record<string, unknown>, now: Date): Promise<Draft> {
  const { whole, partial, problems } = readForm("version", raw);
  const found = partial.probeId === undefined ? null : await readInspection(tx, partial.probeId, row.requester_id, now);
  const inspection = found?.inspection ?? null;
  problems.push(...(found?.problems ?? []));
  const named = partial.connectorId === undefined ? null : await findConnector(tx, partial.connectorId);
  // Everyone sees what was approved and is not retired; anything else is not there, for whoever asks.
  const connector = named === null || named.approved_version_id === null || named.status === "retired" ? null : named;
  if (partial.connectorId !== undefined) {
    if (connector === null) {
      problems.push({ path: "connectorId", message: "Choose a connector that was approved and is not retired." });
    } else if (inspection !== null && inspection.snapshot.identity.transport !== connector.transport) {
      problems.push({ path: "probeId", message: "Another transport is another connector. Request a new one." });
    }
  }
  problems.push(...(await intentProblems(tx, partial)));
  const classification = connector?.classification ?? null;
  const asked = await askedFor(tx, connector, inspection, partial.tools ?? [], classification);
  problems.push(...asked.problems);
  const owners = connector === null ? [] : ((await connectorOwners(tx, [connector.id])).get(connector.id) ?? []);
  return {
    problems,
    tier: asked.tier,
    why: asked.why,
    agentIds: partial.agentIds ?? [],
    matter: { requesterId: row.requester_id, lastEditorId: row.requester_id, owners },
    durationDays: partial.durationDays ?? null,
    grantIsWide: true,
    unchanged: false,
    proposal:
      whole === null || inspection === null || classification === null || connector === null
        ? null
        : { of: "version", form: whole, inspection, connector, classification },
  };
}

/** The tier that follows from the tools asked for, with the effects that they would have. */
async function askedFor(
  tx: Tx,
  connector: ConnectorRow | null,
  inspection: Inspection | null,
  names: readonly string[],
  classification: Classification | null,
): Promise<{ tier: Tier | null; why: TierReason[]; problems: Issue[] }> {
  if (inspection === null) return { tier: null, why: [], problems: [] };
  const offered = new Set(inspection.tools.map(({ name }) => name));
  const missing = names.filter((name) => !offered.has(name));
  const problems = missing.slice(0, 20).map((name) => ({
    path: `tools.${names.indexOf(name)}`,
    message: `The inspection did not see ${JSON.stringify(name)}.`,
  }));
  if (names.length === 0 || classification === null) return { tier: null, why: [], problems };
  const asked = new Set(names);
  const known = await knownTools(tx, connector?.id ?? null);
  const tools = inspection.tools
    .filter(({ name }) => asked.has(name))
    .map((tool) => ({ name: tool.name, ...effectOf(tool, known.get(keyOf(tool))) }));
  return { ...proposeTier({ classification, tools, ...publisherOf(inspection) }), problems };
}

function publisherOf({
  snapshot: { identity },
  findings,
  package: facts,
}: Inspection): Omit<TierFacts, "tools" | "classification"> {
  const findingSeverities = findings.map(({ severity }) => severity);
  if (identity.transport === "stdio") {
    const verifiable = facts?.provenance === true;
    return { transport: "stdio", findingSeverities, identity: { tls: false, verifiable } };
  }
  const tls = identity.tls !== null;
  const verifiable = identity.tls?.authorized === true;
  return { transport: "streamable-http", findingSeverities, identity: { tls, verifiable } };
}

async function slugProblems(tx: Tx, slug: string | undefined, connector: ConnectorRow | null): Promise<Issue[]> {
  if (slug === undefined) return [];
  if (connector !== null) {
    return connector.slug === slug ? [] : [{ path: "slug", message: `It stays ${connector.slug}.` }];
  }
  const taken = await tx.connector.findUnique({ where: { slug } });
  return taken === null ? [] : [{ path: "slug", message: "Another connector has this short name." }];
}

type OwnerIds = { accountableOwnerId?: string; technicalOwnerId?: string | undefined };

function ownersIn({ accountableOwnerId, technicalOwnerId }: OwnerIds, namedBy: string): Owner[] {
  const owner = (id: string | undefined, role: Owner["role"]): Owner[] =>
    id === undefined ? [] : [{ kind: "user", id, role, namedBy, confirmed: false }];
  return [...owner(accountableOwnerId, "accountable"), ...owner(technicalOwnerId, "technical")];
}

async function ownerProblems(tx: Tx, form: OwnerIds, requesterId: string): Promise<Issue[]> {
  const problems: Issue[] = [];
  for (const path of ["accountableOwnerId", "technicalOwnerId"] as const) {
    const id = form[path];
    if (id === undefined) continue;
    const person = await tx.user.findFirst({ where: { id, status: "active" } });
    if (person === null) problems.push({ path, message: "Choose an active person." });
  }
  if (form.accountableOwnerId === requesterId) {
    const message = "Name somebody else: who asks for a connector cannot be the one who answers for it.";
    problems.push({ path: "accountableOwnerId", message });
  }
  return problems;
}

type Intent = {
  agentIds?: string[];
  tools?: string[];
  constraints?: Parameters<typeof intendedScopes>[1]["constraints"];
  rate?: Parameters<typeof intendedScopes>[1]["rate"];
};

async function intentProblems(
  tx: Tx,
  { agentIds = [], tools = [], constraints = [], rate = null }: Intent,
): Promise<Issue[]> {
  const active = await tx.agent.findMany({ where: { id: { in: agentIds }, status: "active" }, select: { id: true } });
  const known = new Set(active.map(({ id }) => id));
  const problems: Issue[] = agentIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `agentIds.${index}`, message: "Choose an active agent." }],
  );
  const scopes = intendedScopes(tools.length === 0 ? ["any"] : tools, { constraints, rate });
  if (rate !== null && scopes.length > 1) {
    problems.push({ path: "rate", message: "A rate can bind at most 200 tools. Ask for fewer, or for no rate." });
  }
  for (const scope of scopes.slice(0, 1)) {
    const parsed = parseScope(scope);
    if (parsed.ok) continue;
    problems.push(...parsed.issues.map(({ path, message }) => ({ path: path.slice(1).replaceAll("/", "."), message })));
  }
  return problems;
}

function same(a: unknown, b: unknown): boolean {
  return canonicalize(a as JsonValue) === canonicalize(b as JsonValue);
}
