import { DomainError } from "#lib/contract/errors.ts";
import { findPack } from "#lib/domain/evidence/rows.ts";
import { implement } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** The longest period of one pack, in days. */
export const periodDaysMax = 400;

/** Only queues; the worker builds the pack, one at a time. */
export const exportEvidence = implement("evidence.export", {
  load: async () => ({ resource: null, facts: {} }),
  async run({ tx, caller }, _, input) {
    const [from, to] = [new Date(input.from), new Date(input.to)];
    const days = (to.getTime() - from.getTime()) / 86_400_000;
    if (!(days > 0)) throw periodWrong("The period has to end after it begins.");
    if (days > periodDaysMax) throw periodWrong(`A pack covers at most ${periodDaysMax} days.`);
    const id = newId("pck");
    await tx.evidencePack.create({
      data: { id, requestedBy: caller.id, periodFrom: from, periodTo: to, progress: [] },
    });
    await tx.$executeRaw`select graphile_worker.add_job('export', json_build_object('packId', ${id}::text), queue_name => 'export', max_attempts => 2)`;
    const result = await findPack(tx, id);
    if (result === null) throw new Error(`pack ${id} vanished inside its transaction`);
    const data = { from: result.from, to: result.to };
    return { result, events: [{ type: "evidence.requested", subjects: [id], data }] };
  },
});

function periodWrong(message: string): DomainError {
  return new DomainError("invalid_input", message, { issues: [{ path: "to", message }] });
}
