import { DomainError } from "#lib/contract/errors.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { requestTable } from "#lib/core/lifecycle/request.ts";
import { eligiblePeople } from "#lib/core/review/eligibility.ts";
import { type Context, implement, type NewEvent } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { sha256Hex } from "#lib/domain/requests/digest.ts";
import { titleOf } from "#lib/domain/requests/forms.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { type Plan, type Proposal, planRequest } from "#lib/domain/requests/plan.ts";
import { proposeVersion } from "#lib/domain/requests/propose-version.ts";
import { findRequest, type RequestRow, versionOf } from "#lib/domain/requests/rows.ts";
import { reviseShortage } from "#lib/domain/requests/shortages.ts";
import { requestById, worldOf } from "#lib/domain/requests/show.ts";
import { openRound } from "#lib/domain/requests/stages.ts";

/** Freezes what is asked for and who decides it: a first round for a draft, a new one for an edited request. */
export const submitRequest = implement("requests.submit", {
  load: lockRequest,
  async run(context, row, { rowVersion }) {
    const { tx, now } = context;
    if (versionOf(row) !== rowVersion) throw new DomainError("conflict", "It was edited elsewhere. Load it again.");
    const state = next(requestTable, row.state, row.state === "draft" ? "submit" : "resubmit");
    if (state === null) throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")}.`);
    const plan = await planRequest(tx, row, now);
    const { proposal, stages, tier } = plan;
    if (proposal === null || stages === null || tier === null) throw refusal(plan);

    const subject = await propose(context, row, plan, proposal);
    const form: Record<string, unknown> = proposal.form;
    const opened = await openRound(context, row, stages, {
      state,
      title: titleOf(row.kind, form),
      form,
      tier,
      classification: proposal.classification,
      configVersion: plan.configVersion,
      agentIds: plan.agentIds,
      connectorId: subject.connectorId,
      versionId: subject.versionId,
      grantId: proposal.of === "grant" ? proposal.grantId : null,
      content: subject.content,
      digest: subject.digest,
    });
    await tx.requestEdit.deleteMany({ where: { requestId: row.id } });
    const facts = { ...plan.facts, votes: [] };
    const reviewers = stages.stages
      .filter(({ after }) => after.length === 0)
      .flatMap(({ kind }) => eligiblePeople(kind, facts, now.toISOString()).map(({ personId }) => personId));
    await notify(tx, [row.requester_id], "submitted", row.id, { title: row.title });
    await notify(tx, reviewers, "your_turn", row.id, { title: row.title });
    const submitted: NewEvent = {
      type: row.state === "draft" ? "request.submitted" : "request.changed",
      subjects: [row.id, subject.connectorId, subject.versionId],
      connectorId: subject.connectorId,
      data: {
        kind: row.kind,
        round: row.round + 1,
        digest: subject.digest,
        tier,
        connector: subject.connectorId,
        version: subject.versionId,
        stages: opened,
      },
    };
    const after = await findRequest(tx, row.id);
    const short = after === null ? [] : await reviseShortage(tx, after, await worldOf(tx, after), now);
    return { result: await requestById(context, row.id), events: [submitted, ...subject.events, ...short] };
  },
});

type Subject = { connectorId: string; versionId: string; content: string; digest: string; events: NewEvent[] };

async function propose(context: Context, row: RequestRow, plan: Plan, proposal: Proposal): Promise<Subject> {
  if (proposal.of === "version") return proposeVersion(context, row, plan, proposal);
  const { connectorId, versionId, content } = proposal;
  return { connectorId, versionId, content, digest: sha256Hex(content), events: [] };
}

function refusal({ problems, shortages }: Plan): DomainError {
  const [problem, ...others] = problems;
  const onlyPeople = others.length === 0 && shortages.some(({ message }) => message === problem?.message);
  return new DomainError(
    onlyPeople ? "nobody_eligible" : "invalid_input",
    onlyPeople
      ? problems.map(({ message }) => message).join(" ")
      : "Some things are missing before it can be submitted.",
    { issues: problems },
  );
}
