import { z } from "zod";
import { ProposedChange } from "#lib/contract/changes.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput, Reason } from "#lib/contract/page.ts";

export const Effect = z.enum(["read", "write", "destructive", "unknown"]);
export const ToolLabel = z.enum(["sensitive", "untrusted_input", "external_send"]);
export const CapabilityKind = z.enum(["tool", "resource", "resource_template", "prompt"]);

export const Tool = z.object({
  id: Id,
  connectorId: Id,
  connectorSlug: z.string(),
  kind: CapabilityKind,
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  effect: Effect,
  labels: z.array(ToolLabel),
  status: z.enum(["active", "quarantined", "removed"]),
  createdAt: Instant,
});
export type Tool = z.infer<typeof Tool>;

export const tools = {
  "tools.list": query({
    path: "/tools",
    action: "connector:read",
    input: z.strictObject({
      ...pageInput,
      q: z.string().max(200).optional(),
      connectorId: Id.optional(),
      effect: Effect.optional(),
      status: z.enum(["active", "quarantined", "removed"]).optional(),
      /** Of connectors that the caller owns. */
      ownedByMe: z.enum(["true", "false"]).optional(),
    }),
    output: page(Tool),
    summary: "Search tools of all connectors by name and description",
  }),
  "tools.get": query({
    path: "/tools/{toolId}",
    action: "connector:read",
    input: z.strictObject({ toolId: Id }),
    output: Tool.extend({
      definition: z.record(z.string(), z.unknown()).nullable(),
      digest: z.string().nullable(),
      why: z.array(z.string()),
      approved: z.boolean(),
      hold: z.boolean(),
      quarantine: z
        .object({ reason: z.string(), seenDigest: z.string().nullable(), seen: z.unknown(), at: Instant })
        .nullable(),
    }),
    summary: "One tool with its approved definition",
  }),
  "tools.relabel": mutation({
    path: "/tools/{toolId}/relabel",
    action: "tool:relabel",
    control: "two",
    input: z.strictObject({ toolId: Id, effect: Effect, labels: z.array(ToolLabel), reason: Reason }),
    output: ProposedChange,
    summary: "Propose another effect or labels for a tool",
  }),
};
