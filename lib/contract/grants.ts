import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput, Reason } from "#lib/contract/page.ts";
import { Effect } from "#lib/contract/tools.ts";

const Scalar = z.union([z.string().max(1024), z.number(), z.boolean(), z.null()]);

export const ConstraintRule = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("equals"), value: Scalar }),
  z.strictObject({ op: z.literal("one_of"), values: z.array(Scalar).min(1).max(100) }),
  z.strictObject({ op: z.literal("prefix"), value: z.string().min(1).max(1024) }),
  z.strictObject({ op: z.literal("range"), min: z.number().optional(), max: z.number().optional() }),
]);

export const Constraint = z.strictObject({
  tool: z.string().max(1024).optional(),
  pointer: z
    .string()
    .max(256)
    .regex(/^(?:\/(?:[^~]|~[01])*)?$/, "A JSON Pointer such as /path"),
  rule: ConstraintRule,
});

/** What a grant covers (lib/core/scope): tools by name or by reviewed effect, actions, argument constraints, a rate. */
export const Scope = z.strictObject({
  tools: z.union([
    z.strictObject({ names: z.array(z.string().min(1).max(1024)).min(1).max(200) }),
    z.strictObject({ effects: z.array(Effect).min(1) }),
  ]),
  actions: z.array(z.enum(["discover", "invoke"])).min(1),
  constraints: z.array(Constraint).max(50),
  rate: z
    .strictObject({ calls: z.number().int().min(1).max(1_000_000), perSeconds: z.number().int().min(1).max(86_400) })
    .nullable(),
});
export type Scope = z.infer<typeof Scope>;

export const PrincipalRef = z.object({ kind: z.enum(["agent", "team"]), id: Id, name: z.string() });

export const GrantStatus = z.enum(["pending", "active", "expired", "revoked"]);

/** What a list of grants is ordered by; "-" for descending. */
const GrantSort = z.enum(["createdAt", "-createdAt", "expiresAt", "-expiresAt"]);
export type GrantSort = z.infer<typeof GrantSort>;

export const Grant = z.object({
  id: Id,
  principal: PrincipalRef,
  connectorId: Id,
  connectorSlug: z.string(),
  versionId: Id,
  requestId: Id,
  scope: Scope,
  /** The scope in plain sentences. */
  sentences: z.array(z.string()),
  status: GrantStatus,
  statusReason: z.string().nullable(),
  startsAt: Instant,
  expiresAt: Instant,
  endedAt: Instant.nullable(),
  callsLast30Days: z.number().int(),
  may: z.array(z.enum(["revoke", "extend"])),
});
export type Grant = z.infer<typeof Grant>;

export const grants = {
  "grants.list": query({
    path: "/grants",
    action: "grant:read",
    input: z.strictObject({
      ...pageInput,
      agentId: Id.optional(),
      teamId: Id.optional(),
      connectorId: Id.optional(),
      /** Part of an agent's, a team's or a connector's name. */
      q: z.string().max(200).optional(),
      status: GrantStatus.optional(),
      sort: GrantSort.default("-createdAt"),
    }),
    output: page(Grant),
    summary: "List scope grants that I may see",
  }),
  "grants.get": query({
    path: "/grants/{grantId}",
    action: "grant:read",
    input: z.strictObject({ grantId: Id }),
    output: Grant,
    summary: "One scope grant",
  }),
  "grants.revoke": mutation({
    path: "/grants/{grantId}/revoke",
    action: "grant:revoke",
    input: z.strictObject({ grantId: Id, reason: Reason }),
    output: Grant,
    summary: "Revoke a grant: the next call is denied",
  }),
};
