import { DomainError } from "#lib/contract/errors.ts";
import { implementUngoverned } from "#lib/domain/implement.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";

export const discardRequest = implementUngoverned("requests.discard", {
  load: lockRequest,
  async run({ tx }, row) {
    if (row.state !== "draft")
      throw new DomainError("invalid_transition", "Only a draft can be discarded. Withdraw it.");
    await tx.request.delete({ where: { id: row.id } });
    return { result: { discarded: true as const }, events: [] };
  },
});
