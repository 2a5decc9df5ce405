import { DomainError } from "#lib/contract/errors.ts";
import { implement } from "#lib/domain/implement.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { lockRequest } from "#lib/domain/requests/load.ts";
import { requestById, worldOf } from "#lib/domain/requests/show.ts";
import { newId } from "#lib/platform/id.ts";

export const commentRequest = implement("requests.comment", {
  load: lockRequest,
  async run(context, row, { text }) {
    const { tx, caller } = context;
    if (row.state === "draft")
      throw new DomainError("invalid_transition", "Nobody else sees a draft yet. Submit it first.");
    const id = newId("cmt");
    await tx.comment.create({ data: { id, requestId: row.id, authorId: caller.id, text } });
    const others = await tx.comment.findMany({ where: { requestId: row.id }, select: { authorId: true } });
    const { reviews } = await worldOf(tx, row);
    const involved = [row.requester_id, ...others.map((c) => c.authorId), ...reviews.map((r) => r.reviewerId)];
    await notify(
      tx,
      involved.filter((person) => person !== caller.id),
      "commented",
      row.id,
      { title: row.title },
    );
    return {
      result: await requestById(context, row.id),
      events: [{ type: "request.commented", subjects: [row.id], data: { comment: id } }],
    };
  },
});
