import type { Notification } from "#lib/contract/home.ts";
import type { Notification as Row } from "#lib/db/generated/client.ts";
import { implementQuery, implementUngoverned, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";

export const listNotifications = implementQuery("notifications.list", {
  load: async ({ caller }) => ({ resource: caller.id, facts: listed(caller) }),
  async run({ tx }, userId, { cursor, limit }) {
    const after = readCursor(cursor);
    const rows = await tx.notification.findMany({
      where: { userId, ...(after === null ? {} : { id: { lt: after.id } }) },
      orderBy: { id: "desc" },
      take: limit + 1,
    });
    return pageOf(rows, limit, toNotification, (row) => ({ at: "", id: row.id }));
  },
});

export const readNotifications = implementUngoverned("notifications.read", {
  load: async ({ caller }) => ({ resource: caller.id, facts: { subjectId: caller.id } }),
  async run({ tx, now }, userId, { ids }) {
    const { count } = await tx.notification.updateMany({
      where: { userId, id: { in: ids }, readAt: null },
      data: { readAt: now },
    });
    return { result: { read: count }, events: [] };
  },
});

/** `params` carries the title and link that the use case which notifies wrote. */
function toNotification({ id, kind, subjectId, params, createdAt, readAt }: Row): Notification {
  const { title, href } = params as { title?: string; href?: string };
  return {
    id,
    kind,
    subjectId,
    title: title ?? kind.replaceAll("_", " "),
    href: href ?? (subjectId.startsWith("req_") ? `/requests/${subjectId}` : "/"),
    createdAt: createdAt.toISOString(),
    readAt: readAt?.toISOString() ?? null,
  };
}
