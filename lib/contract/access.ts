import { z } from "zod";
import { query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput } from "#lib/contract/page.ts";
import { Effect } from "#lib/contract/tools.ts";

export const DecisionView = z.object({
  effect: z.enum(["permit", "deny"]),
  reason: z.string(),
  message: z.string(),
  whatToDo: z.string(),
  grantId: Id.nullable(),
  conditions: z.array(z.string()),
});

/** One agent's reach to one tool, as the gateway's own decision function answers now. */
export const Reach = z.object({
  agentId: Id,
  agentName: z.string(),
  connectorId: Id,
  connectorSlug: z.string(),
  toolId: Id,
  tool: z.string(),
  effect: Effect,
  access: z.enum(["permit", "conditional"]),
  conditions: z.array(z.string()),
  grantId: Id,
  expiresAt: Instant,
});
export type Reach = z.infer<typeof Reach>;

/** Arguments of a call as JSON text, since a query has no body. */
export const CallArguments = z
  .string()
  .max(8_000)
  .refine((json) => z.record(z.string(), z.unknown()).safeParse(parsed(json)).success, "A JSON object");

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export const access = {
  "access.list": query({
    path: "/access",
    action: "access:explain",
    input: z.strictObject({ ...pageInput, agentId: Id.optional(), toolId: Id.optional(), connectorId: Id.optional() }),
    output: page(Reach),
    summary: "Who can call what, by agent, by tool or by connector",
  }),
  "access.matrix": query({
    path: "/access/matrix",
    action: "access:explain",
    input: z.strictObject({ connectorId: Id }),
    output: z.object({
      tools: z.array(z.object({ id: Id, name: z.string(), effect: Effect })),
      agents: z.array(
        z.object({
          id: Id,
          name: z.string(),
          cells: z.array(
            z.object({ toolId: Id, access: z.enum(["permit", "conditional", "none"]), reason: z.string() }),
          ),
        }),
      ),
    }),
    summary: "Agents against the tools of one connector",
  }),
  "access.why": query({
    path: "/access/why",
    action: "access:explain",
    input: z.strictObject({
      agentId: Id,
      connectorId: Id,
      tool: z.string().max(1024),
      /** What the call would have as arguments; left out, a grant that limits them answers with the argument it would look at. */
      arguments: CallArguments.optional(),
    }),
    output: DecisionView.extend({
      trace: z.array(z.object({ grantId: Id, principal: z.string(), matched: z.boolean(), why: z.string() })),
      epoch: z.number(),
    }),
    summary: "Why an agent can or cannot call a tool now",
  }),
};
