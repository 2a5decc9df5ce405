import { implement, type NewEvent } from "#lib/domain/implement.ts";
import { closeRequest } from "#lib/domain/requests/close.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { requestById } from "#lib/domain/requests/show.ts";

export const withdrawRequest = implement("requests.withdraw", {
  load: lockRequest,
  async run(context, row) {
    const [first, ...rest] = await closeRequest(context, row, "withdrawn", {});
    if (first === undefined) throw new Error("closing a request is an event");
    const events: [NewEvent, ...NewEvent[]] = [first, ...rest];
    return { result: await requestById(context, row.id), events };
  },
});
