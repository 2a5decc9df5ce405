import { implementUngoverned } from "#lib/domain/implement.ts";
import { titleOf } from "#lib/domain/requests/forms.ts";
import { requestById } from "#lib/domain/requests/show.ts";
import { newId } from "#lib/platform/id.ts";

/** A draft: any part of a form, kept for its author, no request yet. */
export const createRequest = implementUngoverned("requests.create", {
  load: async () => ({ resource: null, facts: {} }),
  async run(context, _none, { kind, form }) {
    const id = newId("req");
    const data = { id, kind, title: titleOf(kind, form), requesterId: context.caller.id, form: form as object };
    await context.tx.request.create({ data });
    return { result: await requestById(context, id), events: [] };
  },
});
