import type { InspectedTool } from "#lib/contract/probes.ts";
import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import type { ServerIdentity } from "#lib/core/inspection/snapshot.ts";
import type { Tx } from "#lib/db/tx.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { keyOf, knownTools } from "#lib/domain/requests/effects.ts";
import type { FormOf } from "#lib/domain/requests/forms.ts";
import type { Inspection } from "#lib/domain/requests/inspection.ts";
import type { Plan, Proposal } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { newId } from "#lib/platform/id.ts";

type VersionProposal = Extract<Proposal, { of: "version" }>;

/** Writes what a request proposes: the connector where it is new, its owners, and the inspected version with every capability. */
export async function proposeVersion(
  context: Context,
  row: RequestRow,
  plan: Plan,
  proposal: VersionProposal,
): Promise<{ connectorId: string; versionId: string; content: string; digest: string; events: NewEvent[] }> {
  const { inspection } = proposal;
  const events: NewEvent[] = [];
  let connectorId = proposal.connector?.id ?? null;
  if (row.kind === "connector") {
    const form = proposal.form as FormOf["connector"];
    connectorId = await writeConnector(context, connectorId, plan, proposal, form, events);
  }
  if (connectorId === null) throw new Error("a version belongs to a connector");
  const versionId =
    (await sameVersion(context.tx, row, inspection)) ??
    (await writeVersion(context, connectorId, row, inspection, events));
  return { connectorId, versionId, content: inspection.content, digest: inspection.digest, events };
}

async function writeConnector(
  { tx, caller, now }: Context,
  existing: string | null,
  plan: Plan,
  { inspection, classification }: VersionProposal,
  { slug, name, purpose, environment, accountableOwnerId, technicalOwnerId }: FormOf["connector"],
  events: NewEvent[],
): Promise<string> {
  const id = existing ?? newId("con");
  const tier = plan.tier ?? "high";
  if (existing === null) {
    const { transport } = inspection.snapshot.identity;
    const data = { id, slug, name, purpose, environment, classification, tier, transport, createdBy: caller.id };
    await tx.connector.create({ data });
    events.push({ type: "connector.registered", subjects: [id], connectorId: id, data: { slug, transport } });
  } else {
    const data = { name, purpose, environment, classification, tier, rowVersion: { increment: 1 } };
    await tx.connector.update({ where: { id }, data });
    events.push({ type: "connector.updated", subjects: [id], connectorId: id, data: { tier, classification } });
  }
  const wanted = [
    { role: "accountable", ownerId: accountableOwnerId },
    ...(technicalOwnerId === undefined ? [] : [{ role: "technical", ownerId: technicalOwnerId }]),
  ];
  const now_ = await tx.ownership.findMany({ where: { subjectId: id, endedAt: null } });
  const gone = now_.filter((o) => !wanted.some(({ role, ownerId }) => role === o.role && ownerId === o.ownerId));
  const added = wanted.filter(({ role, ownerId }) => !now_.some((o) => role === o.role && ownerId === o.ownerId));
  if (gone.length > 0) {
    await tx.ownership.updateMany({ where: { id: { in: gone.map((o) => o.id) } }, data: { endedAt: now } });
  }
  await tx.ownership.createMany({
    data: added.map(({ role, ownerId }) => ({
      id: newId("own"),
      subjectKind: "connector",
      subjectId: id,
      ownerKind: "user",
      ownerId,
      role,
      namedBy: caller.id,
    })),
  });
  for (const { role, ownerId } of added) {
    events.push({ type: "ownership.assigned", subjects: [id], connectorId: id, data: { role, owner: ownerId } });
  }
  return id;
}

/** The version that the last round was about, where nothing that a version pins has changed since. */
async function sameVersion(tx: Tx, row: RequestRow, { digest }: Inspection): Promise<string | null> {
  if (row.version_id === null || row.digest !== digest) return null;
  const version = await tx.connectorVersion.findUnique({ where: { id: row.version_id }, select: { status: true } });
  return version?.status === "proposed" ? row.version_id : null;
}

async function writeVersion(
  { tx, caller }: Context,
  connectorId: string,
  row: RequestRow,
  inspection: Inspection,
  events: NewEvent[],
): Promise<string> {
  if (row.version_id !== null) {
    await tx.connectorVersion.update({ where: { id: row.version_id }, data: { status: "rejected" } });
    events.push({ type: "version.rejected", subjects: [row.version_id], connectorId, data: { by: "edit" } });
  }
  const last = await tx.connectorVersion.findFirst({
    where: { connectorId },
    orderBy: { number: "desc" },
    select: { number: true },
  });
  const id = newId("ver");
  const number = (last?.number ?? 0) + 1;
  await tx.connectorVersion.create({
    data: {
      id,
      connectorId,
      number,
      digest: inspection.digest,
      content: Buffer.from(inspection.content, "utf8"),
      identity: inspection.snapshot.identity as object,
      findings: inspection.findings as object[],
      ...(await launchOf(tx, inspection)),
      createdBy: caller.id,
    },
  });
  await writeTools(tx, connectorId, id, inspection);
  events.push({
    type: "version.proposed",
    subjects: [id, connectorId],
    connectorId,
    data: { number, digest: inspection.digest, probe: inspection.probeId, capabilities: inspection.tools.length },
  });
  return id;
}

/** How a package is started: exactly what was inspected and released. */
async function launchOf(tx: Tx, { snapshot, package: facts }: Inspection): Promise<{ launch?: object }> {
  const identity: ServerIdentity = snapshot.identity;
  if (identity.transport !== "stdio") return {};
  const release =
    facts === null
      ? null
      : await tx.packageRelease.findUnique({
          where: { packageDigest: facts.packageDigest },
          select: { network: true },
        });
  const { argv } = identity.package;
  const launched = { ...identity.package, packageDigest: facts?.packageDigest ?? null };
  return { launch: { package: launched, argv, writablePaths: [], network: release?.network ?? false } };
}

/** Every capability, in two statements however many there are. A tool that the connector had keeps its identity. */
async function writeTools(
  tx: Tx,
  connectorId: string,
  versionId: string,
  { snapshot, tools }: Inspection,
): Promise<void> {
  const known = await knownTools(tx, connectorId);
  const inspected = new Map(tools.map((tool) => [keyOf(tool), tool]));
  const rows = snapshot.capabilities.map(({ kind, name, definition }) => {
    const { digest, effect, why, labels } = inspected.get(keyOf({ kind, name })) ?? unseen;
    const earlier = known.get(keyOf({ kind, name }));
    const id = newId("vto");
    const tool = earlier?.id ?? newId("tol");
    const texts = earlier === undefined ? textsOf(definition) : {};
    const text = canonicalize(definition);
    return { id, tool, fresh: earlier === undefined, kind, name, digest, effect, why, labels, text, ...texts };
  });
  const given = JSON.stringify(rows);
  await tx.$executeRaw`insert into tool (id, connector_id, kind, name, title, description, effect, labels)
    select tool, ${connectorId}, kind, name, title, description, effect, array(select jsonb_array_elements_text(labels))
    from jsonb_to_recordset(${given}::jsonb) as x (tool text, fresh boolean, kind text, name text, title text, description text,
      effect text, labels jsonb) where fresh`;
  await tx.$executeRaw`insert into version_tool (id, version_id, tool_id, kind, name, digest, definition, effect, why, labels)
    select id, ${versionId}, tool, kind, name, digest, convert_to(text, 'UTF8'), effect, array(select jsonb_array_elements_text(why)),
      array(select jsonb_array_elements_text(labels))
    from jsonb_to_recordset(${given}::jsonb) as x (id text, tool text, kind text, name text, digest text, text text, effect text,
      why jsonb, labels jsonb)`;
}

/** An inspection lists every capability of its snapshot; one that it does not is taken as the worst. */
const unseen: Pick<InspectedTool, "digest" | "effect" | "labels" | "why"> = {
  digest: "",
  effect: "unknown",
  labels: [],
  why: [],
};

/** Title and description for search, as far as they are texts. */
export function textsOf(definition: JsonObject): { title: string | null; description: string | null } {
  const text = (name: string) => (typeof definition[name] === "string" ? definition[name].slice(0, 4000) : null);
  return { title: text("title"), description: text("description") };
}
