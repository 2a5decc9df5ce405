import { z } from "zod";
import { ProposedChange } from "#lib/contract/changes.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput, Reason } from "#lib/contract/page.ts";

export const Tier = z.enum(["low", "medium", "high"]);
export const StageKind = z.enum(["security", "owner", "data_protection", "platform"]);

const TierRules = z.strictObject({
  stages: z
    .array(
      z.strictObject({
        kind: StageKind,
        quorum: z.number().int().min(1).max(10),
        after: z.array(StageKind).optional(),
      }),
    )
    .min(1)
    .max(4),
  dueWorkingDays: z.number().int().min(1).max(60),
  grantMaxDays: z.number().int().min(1).max(365),
});
export const TierSettings = z.strictObject({ low: TierRules, medium: TierRules, high: TierRules });

export const EgressEntry = z.object({
  id: Id,
  host: z.string(),
  port: z.number().int(),
  reason: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  removedAt: Instant.nullable(),
});
export type EgressEntry = z.infer<typeof EgressEntry>;

export const settings = {
  "tiers.get": query({
    path: "/tiers",
    action: "setting:read",
    input: z.strictObject({}),
    output: z.object({ version: z.number().int(), settings: TierSettings, createdAt: Instant }),
    summary: "Tiers with their stages, due times and longest grants",
  }),
  "tiers.update": mutation({
    path: "/tiers",
    action: "tier:update",
    control: "two",
    input: z.strictObject({ settings: TierSettings, reason: Reason }),
    output: ProposedChange,
    summary: "Propose other tiers and stages; requests under way keep theirs",
  }),
  "egress.list": query({
    path: "/egress",
    action: "egress:read",
    input: z.strictObject({ ...pageInput }),
    output: page(EgressEntry),
    summary: "List the exact hosts and ports that may be private or plain http",
  }),
  "egress.add": mutation({
    path: "/egress",
    action: "egress:add",
    control: "two",
    input: z.strictObject({
      host: z
        .string()
        .min(1)
        .max(253)
        .regex(/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/, "A plain lower-case host name or address, no wildcard"),
      port: z.number().int().min(1).max(65535),
      days: z.number().int().min(1).max(365),
      reason: Reason,
    }),
    output: ProposedChange,
    summary: "Propose to let one internal host and port be reached",
  }),
  "egress.remove": mutation({
    path: "/egress/{entryId}/remove",
    action: "egress:remove",
    input: z.strictObject({ entryId: Id, reason: Reason }),
    output: EgressEntry,
    summary: "Remove an allow-list entry at once",
  }),
};
