import { z } from "zod";
import { Classification, Connector, FieldChange, Owner, Version, VersionTool } from "#lib/contract/connectors.ts";
import { Scope } from "#lib/contract/grants.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, PersonRef, page, pageInput, Reason, text } from "#lib/contract/page.ts";
import { StageKind, Tier } from "#lib/contract/settings.ts";
import { Effect } from "#lib/contract/tools.ts";

export const RequestKind = z.enum(["connector", "version", "grant", "extension"]);
export const RequestState = z.enum([
  "draft",
  "submitted",
  "in_review",
  "changes_requested",
  "approved",
  "denied",
  "withdrawn",
  "expired",
]);

/** A draft holds any part of its form; it is checked whole when it is submitted. */
const DraftForm = z.record(z.string(), z.unknown());

export const Request = z.object({
  id: Id,
  kind: RequestKind,
  state: RequestState,
  title: z.string(),
  requester: PersonRef,
  connectorId: Id.nullable(),
  connectorSlug: z.string().nullable(),
  tier: Tier.nullable(),
  digest: z.string().nullable(),
  /** Counts up whenever what is asked for changes; a review is of one digest in one round. */
  round: z.number().int(),
  submittedAt: Instant.nullable(),
  dueAt: Instant.nullable(),
  decidedAt: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  rowVersion: z.number().int(),
  stages: z.array(
    z.object({
      kind: StageKind,
      quorum: z.number().int(),
      counted: z.number().int(),
      open: z.boolean(),
      satisfied: z.boolean(),
      dueAt: Instant,
    }),
  ),
  /** Whether the caller could decide one of its open stages now. */
  mine: z.boolean(),
});
export type Request = z.infer<typeof Request>;

export const Conditions = z.strictObject({
  holdTools: z.array(z.string()).default([]),
  agentIds: z.array(Id).nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
});

export const Review = z.object({
  id: Id,
  stageKind: StageKind,
  round: z.number().int(),
  reviewer: PersonRef,
  onBehalfOf: PersonRef.nullable(),
  verdict: z.enum(["approve", "deny", "request_changes"]),
  digest: z.string(),
  tools: z.array(z.string()).nullable(),
  conditions: Conditions,
  reason: z.string(),
  via: z.enum(["session", "token"]),
  at: Instant,
  /** False once the digest or round has moved on. */
  current: z.boolean(),
  /** Whether it is one of the approvals that count now: their terms together are what the request comes to. */
  counts: z.boolean(),
});
export type Review = z.infer<typeof Review>;

export const TimelineItem = z.object({
  at: Instant,
  kind: z.enum(["event", "review", "comment"]),
  type: z.string(),
  who: z.string(),
  text: z.string(),
});

export const RequestDetail = Request.extend({
  form: DraftForm,
  classification: Classification.nullable(),
  tierWhy: z.array(z.object({ rule: z.string(), raisesTo: Tier, detail: z.string() })),
  connector: Connector.nullable(),
  version: Version.extend({ tools: z.array(VersionTool) }).nullable(),
  diff: z.array(FieldChange),
  comparedWithVersion: z.number().int().nullable(),
  /** What the request asks for now that it did not in the round before: tools, agents, terms, owners, tier. */
  changesSinceRound: z.array(FieldChange),
  scope: Scope.nullable(),
  sentences: z.array(z.string()),
  agents: z.array(z.object({ id: Id, kind: z.enum(["agent", "team"]), name: z.string() })),
  owners: z.array(Owner),
  reviews: z.array(Review),
  timeline: z.array(TimelineItem),
  /** Per stage: who may decide it now. */
  eligible: z.array(z.object({ kind: StageKind, people: z.array(PersonRef) })),
  /** Stages that the caller may decide, or why not. */
  myStages: z.array(z.object({ kind: StageKind, eligible: z.boolean(), why: z.string() })),
  may: z.array(
    z.enum(["edit", "submit", "withdraw", "discard", "comment", "review", "reclassify", "revise", "enable"]),
  ),
  grantMaxDays: z.number().int().nullable(),
  /** What was approved in the end; null as long as nothing is. `agentIds` null: any agent. */
  approval: z
    .object({
      tools: z.array(z.string()),
      holdTools: z.array(z.string()),
      agentIds: z.array(Id).nullable(),
      expiresAt: Instant,
    })
    .nullable(),
});
export type RequestDetail = z.infer<typeof RequestDetail>;

export const Preview = z.object({
  tier: Tier.nullable(),
  why: z.array(z.object({ rule: z.string(), raisesTo: Tier, detail: z.string() })),
  stages: z.array(
    z.object({
      kind: StageKind,
      quorum: z.number().int(),
      after: z.array(StageKind),
      dueAt: Instant,
      eligible: z.array(PersonRef),
      /** Set where not enough people could decide, with whom to add. */
      shortage: z.string().nullable(),
    }),
  ),
  /** Everything that keeps it from being submitted. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
  duplicates: z.array(z.object({ id: Id, slug: z.string(), name: z.string(), status: z.string(), why: z.string() })),
  grantMaxDays: z.number().int().nullable(),
});
export type Preview = z.infer<typeof Preview>;

const one = z.strictObject({ requestId: Id });

export const requests = {
  "requests.list": query({
    path: "/requests",
    action: "request:read",
    input: z.strictObject({
      ...pageInput,
      view: z.enum(["mine", "queue", "all"]).default("all"),
      state: RequestState.optional(),
      tier: Tier.optional(),
      kind: RequestKind.optional(),
      connectorId: Id.optional(),
      q: z.string().max(200).optional(),
    }),
    output: page(Request),
    summary: "List requests: mine, those that I may decide now, or all that I may see",
  }),
  "requests.get": query({
    path: "/requests/{requestId}",
    action: "request:read",
    input: one,
    output: RequestDetail,
    summary: "A request with everything that its decision needs",
  }),
  "requests.preview": query({
    path: "/requests/{requestId}/preview",
    action: "request:read",
    input: one,
    output: Preview,
    summary: "The tier, stages, people and due times that submitting would give, and what is missing",
  }),
  "requests.create": mutation({
    path: "/requests",
    action: "request:draft",
    input: z.strictObject({ kind: RequestKind, form: DraftForm }),
    output: Request,
    summary: "Start a draft",
  }),
  "requests.update": mutation({
    method: "PATCH",
    path: "/requests/{requestId}",
    action: "request:edit",
    input: z.strictObject({ requestId: Id, form: DraftForm, rowVersion: z.number().int() }),
    output: Request,
    summary: "Keep a draft, or the edited form of a request whose changes were asked for",
  }),
  "requests.discard": mutation({
    method: "DELETE",
    path: "/requests/{requestId}",
    action: "request:edit",
    input: one,
    output: z.object({ discarded: z.literal(true) }),
    summary: "Discard a draft",
  }),
  "requests.submit": mutation({
    path: "/requests/{requestId}/submit",
    action: "request:submit",
    input: z.strictObject({ requestId: Id, rowVersion: z.number().int() }),
    output: Request,
    summary: "Submit a draft, or an edited request again (its reviews are void and its difference is shown)",
  }),
  "requests.withdraw": mutation({
    path: "/requests/{requestId}/withdraw",
    action: "request:withdraw",
    input: z.strictObject({ requestId: Id, reason: Reason }),
    output: Request,
    summary: "Withdraw a request",
  }),
  "requests.comment": mutation({
    path: "/requests/{requestId}/comments",
    action: "request:comment",
    input: z.strictObject({ requestId: Id, text: text(4000) }),
    output: Request,
    summary: "Comment on a request",
  }),
  "requests.review": mutation({
    path: "/requests/{requestId}/reviews",
    action: "request:review",
    input: z.strictObject({
      requestId: Id,
      stage: StageKind,
      verdict: z.enum(["approve", "deny", "request_changes"]),
      /** Of what the reviewer saw; anything else is refused as stale. */
      digest: z.string(),
      /** The round that the reviewer saw: what is asked for, effects and terms change by a new round, the digest only with the server. */
      round: z.int().positive(),
      reason: Reason,
      /** Names approved; null approves all that were asked for. */
      tools: z.array(z.string()).min(1).nullable().default(null),
      conditions: Conditions.optional(),
      /** Security only, required for its approval: classification, effects and owners are as shown. */
      confirmed: z.boolean().default(false),
    }),
    output: Request,
    summary: "Record one's verdict on one stage of exactly this digest",
  }),
  "requests.reclassify": mutation({
    path: "/requests/{requestId}/reclassify",
    action: "request:reclassify",
    input: z.strictObject({
      requestId: Id,
      classification: Classification.optional(),
      effects: z
        .array(z.strictObject({ name: z.string(), effect: Effect }))
        .max(5000)
        .default([]),
      reason: Reason,
    }),
    output: Request,
    summary: "Raise classification or effects (security); tier and stages are computed again, earlier reviews are void",
  }),
};
