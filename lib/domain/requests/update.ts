import { DomainError } from "#lib/contract/errors.ts";
import { implementUngoverned } from "#lib/domain/implement.ts";
import { titleOf } from "#lib/domain/requests/forms.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { versionOf } from "#lib/domain/requests/rows.ts";
import { requestById } from "#lib/domain/requests/show.ts";

/**
 * Keeps a draft, or the edited form of a request whose changes were asked for. The request itself stays as it was reviewed
 * until it is submitted again.
 */
export const updateRequest = implementUngoverned("requests.update", {
  load: lockRequest,
  async run(context, row, { form, rowVersion }) {
    if (versionOf(row) !== rowVersion) throw new DomainError("conflict", "It was edited elsewhere. Load it again.");
    const { tx, now } = context;
    if (row.state === "draft") {
      await tx.request.update({
        where: { id: row.id },
        data: { form: form as object, title: titleOf(row.kind, form), updatedAt: now, rowVersion: { increment: 1 } },
      });
    } else if (row.state === "changes_requested") {
      await tx.requestEdit.upsert({
        where: { requestId: row.id },
        create: { requestId: row.id, form: form as object },
        update: { form: form as object, updatedAt: now, rowVersion: { increment: 1 } },
      });
    } else {
      throw new DomainError("invalid_transition", `It is ${row.state.replace("_", " ")} and cannot be edited.`);
    }
    return { result: await requestById(context, row.id), events: [] };
  },
});
