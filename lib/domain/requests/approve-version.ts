import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { queryRows, sql } from "#lib/db/tx.ts";
import { type ConnectorRow, findConnector } from "#lib/domain/connectors/rows.ts";
import { carryGrants } from "#lib/domain/grants/carry.ts";
import { intendedScopes, issueGrants } from "#lib/domain/grants/issue.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { lockRow } from "#lib/domain/lock.ts";
import { notify } from "#lib/domain/people/notify.ts";
import type { Approved } from "#lib/domain/requests/approve.ts";
import { relabelled } from "#lib/domain/requests/effects.ts";
import type { FormOf } from "#lib/domain/requests/forms.ts";
import { newId } from "#lib/platform/id.ts";

const day = 86_400_000;

/** Puts an approved version in force: tools as confirmed, the earlier version superseded, quarantines released, grants issued. */
export async function approveVersion(
  context: Context,
  approval: Approved,
  write: () => Promise<void>,
): Promise<NewEvent[]> {
  const { tx, now } = context;
  const { row } = approval;
  await lockRow(tx, "connector", row.connector_id);
  const connector = await findConnector(tx, row.connector_id);
  if (connector === null) throw new Error("a request's connector exists");
  const events = [await confirmTools(context, approval)];
  await write();
  await tx.connectorVersion.update({ where: { id: row.version_id }, data: { status: "approved" } });
  const data = { digest: row.digest, request: row.id, approval: approval.id };
  events.push({ type: "version.approved", subjects: [row.version_id], connectorId: connector.id, data });
  const earlier = connector.approved_version_id;
  if (earlier !== null) {
    await tx.connectorVersion.update({ where: { id: earlier }, data: { status: "superseded" } });
    const by = { by: row.version_id };
    events.push({ type: "version.superseded", subjects: [earlier], connectorId: connector.id, data: by });
  }
  events.push(...(await releaseQuarantines(context, approval)), ...(await moveConnector(context, connector, approval)));
  events.push(...(await bindCredential(context, approval)));

  const form = row.form as FormOf["connector"] | FormOf["version"];
  const end = Math.min(now.getTime() + form.durationDays * day, approval.expiresAt.getTime());
  const from = {
    requestId: row.id,
    approvalId: approval.id,
    connectorId: connector.id,
    versionId: row.version_id,
    enabled: connector.status !== "requested" && connector.status !== "approved",
  };
  const agentIds = row.agent_ids.filter((id) => approval.agentIds === null || approval.agentIds.includes(id));
  const intended = agentIds.flatMap((principalId) =>
    intendedScopes(approval.tools, form).map((scope) => ({
      principalKind: "agent" as const,
      principalId,
      scope,
      expiresAt: new Date(end),
    })),
  );
  if (earlier !== null) events.push(...(await carryGrants(context, approval, earlier)));
  events.push(...(await issueGrants(tx, now, from, intended)));
  if (earlier !== null) events.push(...(await askAgain(context, connector)));
  return events;
}

/**
 * Effects as reviewed: a definition can only raise them, unless two people said what exactly this one counts as. Capabilities
 * that the version does not have any more are removed.
 */
async function confirmTools({ tx }: Context, { row, securityId }: Approved): Promise<NewEvent> {
  const [counts] = await queryRows<{ confirmed: number; removed: number }>(
    tx,
    sql`with said as materialized (
          select t.id, w.definition -> 'title' as title, w.definition -> 'description' as description,
            case when not w.known and ambit_effect_rank(w.effect) > ambit_effect_rank(t.effect) then w.effect else t.effect end as effect,
            case when w.known or t.labels @> w.labels then t.labels else array(select distinct unnest(t.labels || w.labels) order by 1) end as labels
          from tool t join (
            select v.tool_id, v.effect, v.labels, convert_from(v.definition, 'UTF8')::jsonb as definition,
              exists (select 1 from tool t where t.id = v.tool_id and v.digest in (${relabelled})) as known
            from version_tool v where v.version_id = ${row.version_id} offset 0) w on w.tool_id = t.id),
        wanted as (
          select id, effect, labels, case when jsonb_typeof(title) = 'string' then left(title #>> '{}', 4000) end as title,
            case when jsonb_typeof(description) = 'string' then left(description #>> '{}', 4000) end as description from said),
        confirmed as (
          update tool t set effect = w.effect, labels = w.labels, title = w.title, description = w.description, status = 'active',
            confirmed_by = coalesce(${securityId}, t.confirmed_by), row_version = t.row_version + 1
          from wanted w where t.id = w.id and (t.effect, t.labels, t.title, t.description, t.status)
            is distinct from (w.effect, w.labels, w.title, w.description, 'active') returning 1),
        removed as (
          update tool t set status = 'removed', row_version = t.row_version + 1
          where t.connector_id = ${row.connector_id} and t.status = 'active'
            and t.id not in (select w.tool_id from version_tool w where w.version_id = ${row.version_id}) returning 1)
        select (select count(*)::int from said) as confirmed, (select count(*)::int from removed) as removed`,
  );
  return {
    type: "tool.effect-confirmed",
    subjects: [row.connector_id],
    connectorId: row.connector_id,
    data: { version: row.version_id, confirmed: counts?.confirmed ?? 0, removed: counts?.removed ?? 0 },
  };
}

/** A review is the only way out of quarantine. */
async function releaseQuarantines({ tx }: Context, { id, row }: Approved): Promise<NewEvent[]> {
  const open = await queryRows<{ id: string; tool_id: string | null }>(
    tx,
    sql`select q.id, q.tool_id from quarantine q where q.connector_id = ${row.connector_id} and q.created_at < now()
          and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)`,
  );
  if (open.length === 0) return [];
  await tx.quarantineRelease.createMany({
    data: open.map((quarantine) => ({ id: newId("qrl"), quarantineId: quarantine.id, approvalId: id })),
  });
  return open.map((quarantine) => ({
    type: quarantine.tool_id === null ? "connector.released" : "tool.released",
    subjects: [quarantine.id, row.connector_id],
    connectorId: row.connector_id,
    data: { approval: id, ...(quarantine.tool_id === null ? {} : { tool: quarantine.tool_id }) },
  }));
}

async function moveConnector({ tx }: Context, connector: ConnectorRow, { row }: Approved): Promise<NewEvent[]> {
  const status =
    next(connectorTable, connector.status, "approve") ??
    next(connectorTable, connector.status, "release_by_review") ??
    connector.status;
  const classification = row.classification ?? connector.classification;
  await tx.connector.update({
    where: { id: connector.id },
    data: {
      status,
      approvedVersionId: row.version_id,
      tier: row.tier ?? connector.tier,
      classification,
      rowVersion: { increment: 1 },
    },
  });
  return [
    {
      type: "connector.updated",
      subjects: [connector.id],
      connectorId: connector.id,
      data: { status, version: row.version_id, tier: row.tier },
    },
  ];
}

/** The credential that the inspection used is the connector's from now on. */
async function bindCredential({ tx }: Context, { row }: Approved): Promise<NewEvent[]> {
  const probeId = row.form.probeId;
  if (typeof probeId !== "string") return [];
  const probe = await tx.probe.findUnique({ where: { id: probeId }, select: { credentialId: true } });
  if (probe === null || probe.credentialId === null) return [];
  const { count } = await tx.sealedCredential.updateMany({
    where: { id: probe.credentialId, connectorId: null, destroyedAt: null },
    data: { connectorId: row.connector_id },
  });
  if (count === 0) return [];
  const data = { bound: true };
  return [{ type: "credential.sealed", subjects: [probe.credentialId], connectorId: row.connector_id, data }];
}

/** Open requests for grants were about the earlier version: their reviews would be of something else. */
async function askAgain({ tx, now }: Context, connector: ConnectorRow): Promise<NewEvent[]> {
  const open = await queryRows<{ id: string; requester_id: string; title: string }>(
    tx,
    sql`update request set state = 'changes_requested', updated_at = ${now}, row_version = row_version + 1
        where connector_id = ${connector.id} and kind in ('grant', 'extension') and state in ('submitted', 'in_review')
        returning id, requester_id, title`,
  );
  for (const { id, requester_id, title } of open) await notify(tx, [requester_id], "changes_requested", id, { title });
  return open.map(({ id }) => ({
    type: "request.changes-requested",
    subjects: [id],
    connectorId: connector.id,
    data: { by: "new_version" },
  }));
}
