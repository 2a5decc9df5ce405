import { z } from "zod";
import { query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput } from "#lib/contract/page.ts";

/** One audit event as people read it. `sentence` is built from a closed set of templates, untrusted parts shown as text. */
export const Event = z.object({
  id: Id,
  seq: z.string(),
  type: z.string(),
  time: Instant,
  principalKind: z.string(),
  principalId: z.string(),
  principalName: z.string(),
  subjects: z.array(z.string()),
  connectorId: Id.nullable(),
  connectorSlug: z.string().nullable(),
  agentId: Id.nullable(),
  tool: z.string().nullable(),
  decision: z.string().nullable(),
  reason: z.string().nullable(),
  callId: Id.nullable(),
  grantId: Id.nullable(),
  sentence: z.string(),
});
export type Event = z.infer<typeof Event>;

const filters = {
  types: z.enum(["calls", "denials", "changes"]).optional(),
  connectorId: Id.optional(),
  agentId: Id.optional(),
  subjectId: Id.optional(),
  grantId: Id.optional(),
  /** The person, agent or service that did it. */
  principalId: Id.optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
};

export const Proof = z.object({
  leafIndex: z.string(),
  treeSize: z.string(),
  /** Base64 hashes, RFC 6962 inclusion proof. */
  hashes: z.array(z.string()),
  checkpoint: z.string(),
});

export const activity = {
  "activity.list": query({
    path: "/activity",
    action: "activity:read",
    input: z.strictObject({ ...pageInput, ...filters, after: z.string().max(30).optional() }),
    output: page(Event),
    summary: "Events, newest first; `after` (a seq) gives only newer ones",
  }),
  "activity.get": query({
    path: "/activity/{eventId}",
    action: "activity:read",
    input: z.strictObject({ eventId: Id }),
    output: Event.extend({
      /** The canonical bytes, exactly as hashed. */
      leaf: z.string(),
      related: z.array(Event),
      proof: Proof.nullable(),
    }),
    summary: "One event with its exact bytes, the other events of its call and its proof",
  }),
  "log.checkpoint": query({
    path: "/log/checkpoint",
    action: "log:read",
    input: z.strictObject({}),
    output: z.object({
      note: z.string().nullable(),
      size: z.string(),
      vkey: z.string().nullable(),
      pending: z.number().int(),
    }),
    summary: "The newest signed checkpoint of the log and the key that verifies it",
  }),
  "log.consistency": query({
    path: "/log/consistency",
    action: "log:read",
    input: z.strictObject({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) }),
    output: z.object({ hashes: z.array(z.string()) }),
    summary: "Proof that the log of one size is a prefix of the log of a later size",
  }),
};
