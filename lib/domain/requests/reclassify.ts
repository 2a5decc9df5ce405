import { DomainError } from "#lib/contract/errors.ts";
import type { ParsedInputOf } from "#lib/contract/index.ts";
import { effectRank } from "#lib/core/effect.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { requestTable } from "#lib/core/lifecycle/request.ts";
import { eligiblePeople } from "#lib/core/review/eligibility.ts";
import { classifications } from "#lib/core/review/tier.ts";
import { type Context, implement, type NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { knownTools } from "#lib/domain/requests/effects.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { planRequest } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { requestById } from "#lib/domain/requests/show.ts";
import { openRound } from "#lib/domain/requests/stages.ts";

type Input = ParsedInputOf<"requests.reclassify">;

/** Security raises what a request counts as: tier and stages are worked out again and earlier reviews are void. Lowering takes two. */
export const reclassifyRequest = implement("requests.reclassify", {
  load: lockRequest,
  async run(context, row, input) {
    const { tx, now } = context;
    const state = next(requestTable, row.state, "digest_changed");
    const { connector_id: connectorId, version_id: versionId, digest } = row;
    if (state === null || connectorId === null || versionId === null || digest === null) {
      throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")}.`);
    }
    if (row.kind !== "connector" && row.kind !== "version") {
      throw new DomainError("invalid_transition", "Only the request of a connector can be reclassified.");
    }
    const raised = await raiseEffects(context, connectorId, input);
    const classification = raisedClassification(row, input);
    if (raised.length === 0 && classification === row.classification) {
      throw new DomainError("invalid_input", "This is what it has already.");
    }
    await tx.connector.update({
      where: { id: connectorId },
      data: { classification, rowVersion: { increment: 1 } },
    });
    const form = row.kind === "connector" ? { ...row.form, classification } : row.form;
    const plan = await planRequest(tx, { ...row, form, edit: null }, now);
    if (plan.tier === null || plan.stages === null)
      throw new DomainError("gone", "Its inspection is not there any more.");
    const { content } = await tx.request.findUniqueOrThrow({ where: { id: row.id }, select: { content: true } });
    const stages = await openRound(context, row, plan.stages, {
      state,
      title: row.title,
      form,
      tier: plan.tier,
      classification,
      configVersion: plan.configVersion,
      agentIds: row.agent_ids,
      connectorId,
      versionId,
      grantId: null,
      content: Buffer.from(content ?? []).toString("utf8"),
      digest,
    });
    if (row.kind === "connector") {
      await tx.connector.update({
        where: { id: connectorId },
        data: { tier: plan.tier, rowVersion: { increment: 1 } },
      });
    }
    const facts = { ...plan.facts, votes: [] };
    const reviewers = plan.stages.stages.flatMap(({ kind }) => eligiblePeople(kind, facts, now.toISOString()));
    await notify(
      tx,
      reviewers.map(({ personId }) => personId),
      "your_turn",
      row.id,
      { title: row.title },
    );
    const changed: NewEvent = {
      type: "request.changed",
      subjects: [row.id, connectorId],
      connectorId,
      data: {
        by: "reclassification",
        round: row.round + 1,
        digest,
        tier: plan.tier,
        classification,
        raised: raised.length,
        stages,
      },
    };
    return { result: await requestById(context, row.id), events: [changed] };
  },
});

async function raiseEffects({ tx, caller }: Context, connectorId: string, { effects }: Input): Promise<string[]> {
  if (effects.length === 0) return [];
  const known = [...(await knownTools(tx, connectorId)).entries()];
  const raised: string[] = [];
  for (const { name, effect } of effects) {
    const tools = known.filter(([key]) => key === `tool ${name}`).map(([, tool]) => tool);
    if (tools.length === 0) throw new DomainError("invalid_input", `It has no tool named ${name}.`);
    for (const tool of tools) {
      if (effectRank[effect] < effectRank[tool.effect]) {
        throw new DomainError("second_person_required", "Lowering an effect takes two: propose it on the tool's page.");
      }
      if (effect === tool.effect) continue;
      await tx.tool.update({
        where: { id: tool.id },
        data: { effect, confirmedBy: caller.id, rowVersion: { increment: 1 } },
      });
      raised.push(tool.id);
    }
  }
  return raised;
}

function raisedClassification(row: RequestRow, input: Input) {
  const was = row.classification ?? "internal";
  const is = input.classification ?? was;
  if (classifications.indexOf(is) < classifications.indexOf(was)) {
    throw new DomainError("second_person_required", "Lowering a classification takes a new request.");
  }
  return is;
}
