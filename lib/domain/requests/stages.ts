import type { JsonValue } from "#lib/core/canonical.ts";
import type { RequestState } from "#lib/core/lifecycle/request.ts";
import { dueSchedule } from "#lib/core/review/due.ts";
import type { StagePlan } from "#lib/core/review/stages.ts";
import type { Classification, Tier } from "#lib/core/review/tier.ts";
import type { Context } from "#lib/domain/implement.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { newId } from "#lib/platform/id.ts";

/** What a round is about; it stays so until the next one. */
export type Round = {
  state: RequestState;
  title: string;
  form: Record<string, unknown>;
  tier: Tier;
  classification: Classification;
  configVersion: number;
  agentIds: readonly string[];
  connectorId: string;
  versionId: string;
  grantId: string | null;
  /** Canonical text of what is decided, `digest` its SHA-256. */
  content: string;
  digest: string;
};

/** Begins a round: writes what it is about and freezes its stages with their times. Reviews of earlier rounds are void. */
export async function openRound(
  { tx, now }: Context,
  row: RequestRow,
  plan: StagePlan,
  { content, form, agentIds, ...round }: Round,
): Promise<JsonValue> {
  const times = dueSchedule(now.toISOString(), plan.dueWorkingDays);
  await tx.request.update({
    where: { id: row.id },
    data: {
      ...round,
      form: form as object,
      agentIds: [...agentIds],
      content: Buffer.from(content, "utf8"),
      round: { increment: 1 },
      submittedAt: row.submitted_at ?? now,
      dueAt: times.dueAt,
      updatedAt: now,
      rowVersion: { increment: 1 + row.edit_version },
    },
  });
  await tx.requestRound.create({
    data: {
      requestId: row.id,
      round: row.round + 1,
      form: form as object,
      tier: round.tier,
      classification: round.classification,
    },
  });
  await tx.requestStage.createMany({
    data: plan.stages.map(({ kind, quorum, after }) => ({
      id: newId("stg"),
      requestId: row.id,
      round: row.round + 1,
      kind,
      quorum,
      after: [...after],
      ...times,
    })),
  });
  return plan.stages.map(({ kind, quorum, after }) => ({ kind, quorum, after: [...after] }));
}
