import type { EstateAgent } from "#lib/demo/estate/agents.ts";
import { ensureSubmitted } from "#lib/demo/estate/requests.ts";
import type { People } from "#lib/demo/people.ts";
import { approveAll } from "#lib/demo/review.ts";

/** A grant with limits on an enabled connector: one tool, one kind of argument, five calls in a minute. */
export async function grantDocs(people: People, connectorId: string, agent: EstateAgent): Promise<void> {
  const purpose = "The docs agent checks that its texts come through unchanged.";
  const request = await ensureSubmitted(people, "requester", "grant", purpose, async () => ({
    isWhole: true,
    form: {
      connectorId,
      principalKind: "agent",
      principalId: agent.id,
      scope: {
        tools: { names: ["echo"] },
        actions: ["discover", "invoke"],
        constraints: [{ tool: "echo", pointer: "/message", rule: { op: "prefix", value: "docs: " } }],
        rate: { calls: 5, perSeconds: 60 },
      },
      durationDays: 30,
      purpose,
    },
  }));
  // The connector's first owner also owns this agent, and nobody decides on what they gain by.
  if (request.state !== "approved") await approveAll(people, request.id, {}, "administrator");
}

/** A grant that waits for its reviewers. */
export async function leaveGrantInReview(people: People, connectorId: string, agent: EstateAgent): Promise<void> {
  const purpose = "The billing agent packs invoices before it hands them on.";
  await ensureSubmitted(people, "requester", "grant", purpose, async () => ({
    isWhole: true,
    form: {
      connectorId,
      principalKind: "agent",
      principalId: agent.id,
      scope: {
        tools: { effects: ["write"] },
        actions: ["discover", "invoke"],
        constraints: [],
        rate: { calls: 100, perSeconds: 3600 },
      },
      durationDays: 30,
      purpose,
    },
  }));
}
