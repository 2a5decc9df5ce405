import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, PersonRef, page, pageInput, Reason } from "#lib/contract/page.ts";

/** What an operation of control two answers: nothing happened yet, a second person has to confirm. */
export const ProposedChange = z.object({
  changeId: Id,
  state: z.literal("proposed"),
  summary: z.string(),
  expiresAt: Instant,
});
export type ProposedChange = z.infer<typeof ProposedChange>;

export const Change = z.object({
  id: Id,
  operation: z.string(),
  subjectId: Id,
  summary: z.string(),
  reason: z.string(),
  /** The exact input that will be carried out. */
  input: z.record(z.string(), z.unknown()),
  state: z.enum(["proposed", "confirmed", "rejected", "expired"]),
  proposedBy: PersonRef,
  createdAt: Instant,
  expiresAt: Instant,
  decidedBy: PersonRef.nullable(),
  decidedAt: Instant.nullable(),
  decisionReason: z.string().nullable(),
  mayConfirm: z.boolean(),
});
export type Change = z.infer<typeof Change>;

export const changes = {
  "changes.list": query({
    path: "/changes",
    action: "change:read",
    input: z.strictObject({ ...pageInput, state: z.enum(["proposed", "confirmed", "rejected", "expired"]).optional() }),
    output: page(Change),
    summary: "List changes that need or had a second person",
  }),
  "changes.confirm": mutation({
    path: "/changes/{changeId}/confirm",
    action: "change:confirm",
    input: z.strictObject({ changeId: Id, reason: Reason }),
    output: Change,
    summary: "Confirm exactly this change as the second person; it is carried out at once",
  }),
  "changes.reject": mutation({
    path: "/changes/{changeId}/reject",
    action: "change:reject",
    input: z.strictObject({ changeId: Id, reason: Reason }),
    output: Change,
    summary: "Reject a proposed change, or withdraw one's own",
  }),
};
