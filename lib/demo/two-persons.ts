import type { InputOf, OperationId, OutputOf } from "#lib/contract/index.ts";
import type { Person } from "#lib/demo/people.ts";

type Proposing = { [Id in OperationId]: OutputOf<Id> extends { changeId: string } ? Id : never }[OperationId];

/** Proposes a change of two as one person and confirms exactly it as another. */
export async function byTwo<Id extends Proposing>(
  proposer: Person,
  confirmer: Person,
  id: Id,
  input: InputOf<Id>,
): Promise<void> {
  const { changeId } = await proposer.ask(id, input);
  await confirmer.ask("changes.confirm", { changeId, reason: "Checked with whoever proposed it." });
}
