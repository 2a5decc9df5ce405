import { DomainError } from "#lib/contract/errors.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { requestTable } from "#lib/core/lifecycle/request.ts";
import { combine, countedApprovals } from "#lib/core/review/verdict.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { approveGrant } from "#lib/domain/requests/approve-grant.ts";
import { approveVersion } from "#lib/domain/requests/approve-version.ts";
import { tierSettings } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { askedTools } from "#lib/domain/requests/terms.ts";
import { currentReviews, type World } from "#lib/domain/requests/world.ts";
import { newId } from "#lib/platform/id.ts";

/** An approval as it was written, and the request that it is of. */
export type Approved = {
  id: string;
  row: RequestRow & { connector_id: string; version_id: string };
  tools: string[];
  /** Null: any agent. */
  agentIds: readonly string[] | null;
  expiresAt: Date;
  /** A person from security who approved, where one did. */
  securityId: string | null;
};

/** All stages hold: writes what the reviews allow together and carries it out, in the transaction of the last review. */
export async function approveRequest(context: Context, row: RequestRow, world: World): Promise<NewEvent[]> {
  const { tx, now } = context;
  const { connector_id: connectorId, version_id: versionId, digest, tier } = row;
  if (connectorId === null || versionId === null || digest === null || tier === null) throw new DomainError("internal");
  const begun = next(requestTable, row.state, "begin_review") ?? row.state;
  const state = next(requestTable, begun, "approve");
  if (state === null) throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")}.`);
  const counted = countedApprovals(world.stages, currentReviews(world, row.round), digest, world.facts);
  const { grantMaxDays } = (await settingsOf(context, row))[tier];
  const combined = combine(counted, { approvedAt: now.toISOString(), grantMaxDays });
  if (combined.allowed === null) {
    throw new DomainError(
      "invalid_input",
      "Together with the other reviews this would allow nothing. Change the conditions.",
    );
  }
  const { allowed } = combined;
  const asked = await askedTools(tx, row);
  const left = new Set(allowed.tools ?? asked);
  const tools = asked.filter((name) => left.has(name));
  const approval: Approved = {
    id: newId("apr"),
    row: { ...row, connector_id: connectorId, version_id: versionId },
    tools,
    agentIds: allowed.agentIds,
    expiresAt: new Date(allowed.expiresAt),
    securityId: counted.find(({ stageKind }) => stageKind === "security")?.reviewerId ?? null,
  };
  const write = async () => {
    await tx.request.update({
      where: { id: row.id },
      data: { state, decidedAt: now, updatedAt: now, rowVersion: { increment: 1 } },
    });
    await tx.approval.create({
      data: {
        id: approval.id,
        requestId: row.id,
        connectorId,
        versionId,
        digest,
        tier,
        tools,
        holdTools: [...allowed.holdTools],
        agentIds: [...(allowed.agentIds ?? [])],
        anyAgent: allowed.agentIds === null,
        expiresAt: approval.expiresAt,
      },
    });
  };
  const narrowed = allowed.tools !== null;
  const effects =
    row.kind === "grant" || row.kind === "extension"
      ? await approveGrant(context, approval, narrowed, write)
      : await approveVersion(context, approval, write);
  await notify(tx, [row.requester_id], "decided", row.id, { title: row.title, state });
  const approved: NewEvent = {
    type: "request.approved",
    subjects: [row.id],
    connectorId,
    data: {
      approval: approval.id,
      digest,
      tier,
      round: row.round,
      tools: tools.length,
      holdTools: allowed.holdTools.length,
      expires: allowed.expiresAt,
      reviews: counted.map(({ stageKind, reviewerId }) => ({ stage: stageKind, reviewer: reviewerId })),
    },
  };
  return [approved, ...effects];
}

/** The tiers that were in force when the round was submitted. */
async function settingsOf({ tx }: Context, row: RequestRow) {
  if (row.config_version === null) return (await tierSettings(tx)).settings;
  const config = await tx.tierConfig.findUniqueOrThrow({ where: { version: row.config_version } });
  return config.settings as unknown as Awaited<ReturnType<typeof tierSettings>>["settings"];
}
