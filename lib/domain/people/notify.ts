import type { Tx } from "#lib/db/tx.ts";
import { newId } from "#lib/platform/id.ts";

/** What people are told; the message catalogue has a sentence for each. */
export type NotificationKind =
  | "submitted"
  | "your_turn"
  | "changes_requested"
  | "decided"
  | "expiring"
  | "reminder"
  | "escalation"
  | "commented"
  | "recovery";

/**
 * Tells people inside the transaction that the news comes from. The worker mails what has `mailed_at` null.
 * @param params names and codes for the sentence (`title`, `state`, `stage` …); texts only
 */
export async function notify(
  tx: Tx,
  userIds: readonly string[],
  kind: NotificationKind,
  subjectId: string,
  params: Readonly<Record<string, string>> = {},
): Promise<void> {
  const to = [...new Set(userIds)];
  if (to.length === 0) return;
  await tx.notification.createMany({
    data: to.map((userId) => ({ id: newId("ntf"), userId, kind, subjectId, params: { ...params } })),
  });
}
