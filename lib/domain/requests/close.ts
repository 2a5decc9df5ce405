import { DomainError } from "#lib/contract/errors.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { requestTable } from "#lib/core/lifecycle/request.ts";
import { destroyCredentials } from "#lib/domain/connectors/credentials.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";

const ways = {
  denied: { event: "deny", type: "request.denied" },
  withdrawn: { event: "withdraw", type: "request.withdrawn" },
} as const;

/**
 * Ends a request without approval: its version is rejected, a connector that never was approved is retired, and a credential
 * given for it is destroyed.
 */
export async function closeRequest(
  { tx, now }: Pick<Context, "tx" | "now">,
  row: RequestRow,
  way: keyof typeof ways,
  data: JsonObject,
): Promise<NewEvent[]> {
  const { event, type } = ways[way];
  const state = next(requestTable, row.state, event);
  if (state === null) throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")}.`);
  await tx.request.update({
    where: { id: row.id },
    data: { state, decidedAt: now, updatedAt: now, rowVersion: { increment: 1 + row.edit_version } },
  });
  await tx.requestEdit.deleteMany({ where: { requestId: row.id } });
  await notify(tx, [row.requester_id], "decided", row.id, { title: row.title, state });
  const closed: NewEvent = {
    type,
    subjects: [row.id],
    ...(row.connector_id === null ? {} : { connectorId: row.connector_id }),
    data: { digest: row.digest, round: row.round, ...data },
  };
  if (row.kind === "grant" || row.kind === "extension") return [closed];
  return [closed, ...(await rejectVersion({ tx, now }, row)), ...(await destroyOwn({ tx, now }, row))];
}

async function rejectVersion({ tx }: Pick<Context, "tx" | "now">, row: RequestRow): Promise<NewEvent[]> {
  const { connector_id: connectorId, version_id: versionId } = row;
  if (connectorId === null || versionId === null) return [];
  await tx.connectorVersion.update({ where: { id: versionId }, data: { status: "rejected" } });
  const rejected: NewEvent = {
    type: "version.rejected",
    subjects: [versionId],
    connectorId,
    data: { request: row.id },
  };
  const { count } = await tx.connector.updateMany({
    where: { id: connectorId, status: "requested" },
    data: { status: "retired", reason: "Its request was not approved", rowVersion: { increment: 1 } },
  });
  if (count === 0) return [rejected];
  return [rejected, { type: "connector.retired", subjects: [connectorId], connectorId, data: { request: row.id } }];
}

/** A credential that another approval rests on stays. */
async function destroyOwn({ tx, now }: Pick<Context, "tx" | "now">, row: RequestRow): Promise<NewEvent[]> {
  const probeId = row.form.probeId;
  if (typeof probeId !== "string") return [];
  const probe = await tx.probe.findUnique({ where: { id: probeId }, select: { credentialId: true } });
  if (probe === null || probe.credentialId === null) return [];
  const credential = await tx.sealedCredential.findUnique({ where: { id: probe.credentialId } });
  const inUse = credential?.connectorId != null && row.kind === "version";
  return inUse ? [] : destroyCredentials(tx, now, { id: probe.credentialId });
}
