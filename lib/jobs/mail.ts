import { createTransport } from "nodemailer";
import type pg from "pg";
import { logger } from "#lib/platform/logger.ts";

/** Where mail goes through, who it is from, and where its links lead. */
export type MailSettings = { smtpUrl: string; from: string; ambitUrl: string };

type Waiting = {
  id: string;
  kind: string;
  subject_id: string;
  params: Record<string, unknown>;
  email: string;
  name: string;
};

const batch = 50;
const connectionMs = 10_000;

const sentences: Readonly<Record<string, string>> = {
  submitted: "was submitted",
  your_turn: "waits for your review",
  changes_requested: "needs changes before it can be decided",
  decided: "was decided",
  expiring: "expires soon",
  reminder: "still waits for your review",
  fallback: "is due and waits for somebody to review it",
  escalation: "is overdue",
  commented: "has a new comment",
  recovery: "",
};
const places: Readonly<Record<string, string>> = { req: "requests", grt: "grants", con: "connectors", agt: "agents" };

/**
 * Mails what people were told in the app and nobody mailed yet. A mail that cannot be sent is tried again at the next run, for three
 * days; one may arrive twice when the worker dies between sending and marking.
 */
export async function mailNotifications(pool: pg.Pool, { smtpUrl, from, ambitUrl }: MailSettings): Promise<void> {
  const { rows } = await pool.query<Waiting>(
    `select n.id, n.kind, n.subject_id, n.params, u.email, u.name from notification n join app_user u on u.id = n.user_id
     where n.mailed_at is null and u.email is not null and u.status = 'active' and n.created_at > now() - interval '3 days'
     order by n.created_at limit $1`,
    [batch],
  );
  if (rows.length === 0) return;
  const transport = createTransport({ url: smtpUrl, connectionTimeout: connectionMs, greetingTimeout: connectionMs });
  try {
    for (const row of rows) {
      try {
        await transport.sendMail({ from, to: { name: row.name, address: row.email }, ...messageOf(row, ambitUrl) });
        await pool.query("update notification set mailed_at = now() where id = $1", [row.id]);
      } catch (error) {
        // The server's words may name people; the code is enough.
        const code = error instanceof Error && "code" in error ? error.code : null;
        logger().warn({ code, notificationId: row.id }, "a mail was not sent; it is tried again");
      }
    }
  } finally {
    transport.close();
  }
}

/** The link only leads to the page: whoever opens it signs in, and what they may do there follows from who they are. */
function messageOf({ kind, subject_id, params }: Waiting, ambitUrl: string): { subject: string; text: string } {
  const title =
    typeof params.title === "string" ? params.title.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 200) : "Something";
  const sentence = `${title} ${sentences[kind] ?? "has news"}`.trim();
  const place = places[subject_id.slice(0, 3)];
  const link = place === undefined ? ambitUrl : `${ambitUrl}/${place}/${subject_id}`;
  return { subject: `Ambit: ${sentence}`, text: `${sentence}.\n\n${link}\n` };
}
