import { beforeAll, expect, it } from "vitest";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  deletingTool,
  readingTool,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

it("a request shows later reviewers what earlier ones left out, held, allowed only and until when, and what that came to", async () => {
  const agentId = await agentOf("requester", "only-one");
  const tools = [readingTool("get_row"), readingTool("get_page"), deletingTool("delete_row")];
  const form = await connectorForm("requester", snapshot("terms.example", tools), { agentIds: [agentId] });
  const request = await submitted("requester", "connector", form);
  const expiresAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
  await approve("security-1", request, "security", {
    tools: ["get_row", "delete_row"],
    conditions: { holdTools: ["delete_row"], agentIds: [agentId], expiresAt },
  });
  const seen = await act("security-2", "requests.get", { requestId: request.id });
  expect(seen.reviews).toMatchObject([
    {
      counts: true,
      tools: ["get_row", "delete_row"],
      conditions: { holdTools: ["delete_row"], agentIds: [agentId], expiresAt },
    },
  ]);
  expect(seen.approval).toBeNull();

  await approve("security-2", request, "security");
  await approve("owner", request, "owner");
  await approve("data-protection", request, "data_protection");
  await approve("platform", request, "platform");
  const approved = await act("auditor", "requests.get", { requestId: request.id });
  expect(approved.approval).toEqual({
    tools: expect.arrayContaining(["get_row", "delete_row"]),
    holdTools: ["delete_row"],
    agentIds: [agentId],
    expiresAt,
  });
  expect(approved.approval?.tools).toHaveLength(2);
});

it("a review that no longer counts is shown as such", async () => {
  const form = await connectorForm("requester", snapshot("void.example", [readingTool("get_row")]), {
    classification: "confidential",
  });
  const request = await submitted("requester", "connector", form);
  await approve("security-1", request, "security");
  await approve("owner", request, "owner", { verdict: "request_changes" });
  await act("requester", "requests.update", {
    requestId: request.id,
    form: { ...form, purpose: "Reading even less" },
    rowVersion: (await act("requester", "requests.get", { requestId: request.id })).rowVersion,
  });
  const { rowVersion } = await act("requester", "requests.get", { requestId: request.id });
  await act("requester", "requests.submit", { requestId: request.id, rowVersion });
  const { reviews } = await act("security-2", "requests.get", { requestId: request.id });
  expect(reviews.map(({ current, counts }) => [current, counts])).toEqual([
    [false, false],
    [false, false],
  ]);
});

it("the line of a review says its verdict", async () => {
  const form = await connectorForm("requester", snapshot("verdict.example", [readingTool("get_row")]));
  const request = await submitted("requester", "connector", form);
  await approve("security-1", request, "security", { verdict: "request_changes" });
  const { items } = await act("auditor", "activity.list", { limit: 20 });
  const sentences = items.map(({ sentence }) => sentence);
  expect(sentences).toContain("security-1 reviewed a request about verdict-example: changes asked for");
});
