import { describe, expect, it } from "vitest";
import { approvalsOf, leftOutBy, together } from "#components/requests/review-terms.ts";
import type { RequestDetail, Review } from "#lib/contract/requests.ts";

const now = Date.parse("2026-11-01T00:00:00Z");

function approval(name: string, change: Partial<Review> = {}): Review {
  return {
    id: `rev_${name}`,
    stageKind: "security",
    round: 1,
    reviewer: { id: `usr_${name}`, name },
    onBehalfOf: null,
    verdict: "approve",
    digest: "d",
    tools: null,
    conditions: { holdTools: [], agentIds: null, expiresAt: null },
    reason: "It does what it says",
    via: "session",
    at: "2026-10-31T00:00:00Z",
    current: true,
    counts: true,
    ...change,
  };
}

function request(reviews: Review[], state: RequestDetail["state"] = "in_review"): RequestDetail {
  const offered = ["read", "write", "delete"].map((name) => ({ name }));
  return {
    state,
    digest: "d",
    reviews,
    scope: null,
    form: { tools: ["read", "write", "delete"] },
    version: { tools: offered },
    agents: [
      { id: "agt_a", kind: "agent", name: "Agent A" },
      { id: "agt_b", kind: "agent", name: "Agent B" },
    ],
    grantMaxDays: 90,
  } as unknown as RequestDetail;
}

const mine = (tools: string[] | null, conditions: Partial<Review["conditions"]> = {}) => ({
  by: "you",
  terms: { tools, conditions: { holdTools: [], agentIds: null, expiresAt: null, ...conditions } },
});

describe("what the approvals come to together", () => {
  const first = approval("First", {
    tools: ["read", "write"],
    conditions: { holdTools: ["write"], agentIds: ["agt_a"], expiresAt: "2026-12-01T00:00:00Z" },
  });

  it("names who left out and who holds, the agents left and the earliest end", () => {
    expect(together(request([first]), now, mine(["write", "delete"], { expiresAt: "2026-12-24T23:59:59Z" }))).toEqual({
      disagreement: null,
      chosen: 1,
      total: 3,
      leftOut: [
        { name: "delete", by: ["First"] },
        { name: "read", by: ["you"] },
      ],
      held: [{ name: "write", by: ["First"] }],
      agents: ["Agent A"],
      endsAt: "2026-12-01T00:00:00Z",
    });
  });

  it("says before deciding when nothing would be left", () => {
    expect(together(request([first]), now, mine(["delete"])).disagreement).toBe("no_tool_in_common");
    expect(together(request([first]), now, mine(null, { agentIds: ["agt_b"] })).disagreement).toBe(
      "no_agent_in_common",
    );
    const late = Date.parse("2026-12-02T00:00:00Z");
    expect(together(request([first]), late, mine(null)).disagreement).toBe("expires_before_approval");
  });

  it("leaves out approvals that count no more, except of a request that is approved", () => {
    const gone = approval("Gone", { counts: false });
    const voided = approval("Void", { current: false, counts: false });
    const denial = approval("No", { verdict: "deny", counts: false });
    expect(approvalsOf(request([first, gone, voided, denial]))).toEqual([first]);
    expect(approvalsOf(request([first, gone, voided, denial], "approved"))).toEqual([first, gone]);
  });
});

it("an approval of everything leaves nothing out", () => {
  expect(leftOutBy(approval("All"), ["read"])).toEqual([]);
  expect(leftOutBy(approval("Some", { tools: ["read"] }), ["read", "write"])).toEqual(["write"]);
});
