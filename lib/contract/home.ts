import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput } from "#lib/contract/page.ts";

export const Todo = z.object({
  kind: z.enum([
    "review",
    "changes_requested",
    "change",
    "enable",
    "expiring_grant",
    "quarantine",
    "release",
    "orphan",
    "no_eligible_reviewer",
    "draft",
  ]),
  subjectId: Id,
  title: z.string(),
  detail: z.string(),
  dueAt: Instant.nullable(),
  href: z.string(),
});
export type Todo = z.infer<typeof Todo>;

export const Notification = z.object({
  id: Id,
  kind: z.string(),
  subjectId: Id,
  title: z.string(),
  href: z.string(),
  createdAt: Instant,
  readAt: Instant.nullable(),
});
export type Notification = z.infer<typeof Notification>;

const Series = z.object({ value: z.number().int(), last30Days: z.array(z.number().int()), href: z.string() });

export const home = {
  "home.get": query({
    path: "/home",
    action: "notification:read",
    input: z.strictObject({}),
    output: z.object({
      todos: z.array(Todo),
      connectors: Series,
      grants: Series,
      calls: Series,
      denials: Series,
    }),
    summary: "What needs me, and the estate in four numbers",
  }),
  "home.search": query({
    path: "/search",
    action: "notification:read",
    input: z.strictObject({ q: z.string().min(1).max(200) }),
    output: z.object({
      items: z.array(z.object({ kind: z.string(), id: Id, title: z.string(), detail: z.string(), href: z.string() })),
    }),
    summary: "Find anything that I may see by name",
  }),
  "notifications.list": query({
    path: "/notifications",
    action: "notification:read",
    input: z.strictObject({ ...pageInput }),
    output: page(Notification),
    summary: "My notifications, newest first",
  }),
  "notifications.read": mutation({
    path: "/notifications/read",
    action: "notification:read",
    input: z.strictObject({ ids: z.array(Id).min(1).max(200) }),
    output: z.object({ read: z.number().int() }),
    summary: "Mark notifications as read",
  }),
};
