import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  deletingTool,
  eventsOf,
  readingTool,
  refusal,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

describe("a new connector", () => {
  it("goes from draft to an enabled connector with an active grant, every step an event", async () => {
    const agentId = await agentOf("requester", "reader");
    const form = await connectorForm("requester", snapshot("low.example", [readingTool("get_page")]), {
      agentIds: [agentId],
    });
    const draft = await act("requester", "requests.create", { kind: "connector", form });
    expect(draft.state).toBe("draft");
    const preview = await act("requester", "requests.preview", { requestId: draft.id });
    expect(preview.problems).toEqual([]);
    expect(preview.tier).toBe("low");
    expect(preview.stages.map(({ kind, quorum }) => [kind, quorum])).toEqual([["security", 1]]);
    const request = await act("requester", "requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion });
    expect(request.state).toBe("submitted");
    const connectorId = request.connectorId ?? "";

    expect((await refusal(act("owner", "connectors.enable", { connectorId }))).code).toBe("not_approved");
    const decided = await approve("security-1", request, "security");
    expect(decided.state).toBe("approved");
    const approved = await act("owner", "connectors.get", { connectorId });
    expect(approved).toMatchObject({ status: "approved", approvedTools: ["get_page"] });
    expect(approved.may).toContain("enable");
    const [pending] = (await act("security-1", "grants.list", { connectorId })).items;
    expect(pending).toMatchObject({ status: "pending", principal: { kind: "agent", id: agentId } });

    await act("owner", "connectors.enable", { connectorId });
    const [grant] = (await act("security-1", "grants.list", { connectorId })).items;
    expect(grant?.status).toBe("active");
    expect(await eventsOf(request.id)).toEqual(["request.submitted", "request.review-recorded", "request.approved"]);
    expect(await eventsOf(connectorId)).toEqual(
      expect.arrayContaining([
        "connector.registered",
        "ownership.assigned",
        "ownership.confirmed",
        "connector.enabled",
      ]),
    );
    expect(await eventsOf(grant?.id ?? "")).toEqual(["grant.issued", "grant.activated"]);
  });

  it("takes every stage of its tier, in their order, each by other people", async () => {
    const capabilities = [readingTool("get_file"), deletingTool("delete_file")];
    const request = await submitted(
      "requester",
      "connector",
      await connectorForm("requester", snapshot("high.example", capabilities)),
    );
    expect(request.tier).toBe("high");
    expect((await refusal(approve("owner", request, "owner"))).code).toBe("not_eligible");
    await approve("security-1", request, "security", { conditions: { holdTools: ["delete_file"] } });
    expect((await refusal(approve("security-1", request, "security"))).code).toBe("already_decided");
    expect((await refusal(approve("platform", request, "platform"))).code).toBe("invalid_transition");
    await approve("owner", request, "owner");
    await approve("data-protection", request, "data_protection");
    await approve("security-2", request, "security", { tools: ["get_file", "delete_file"] });
    expect((await approve("platform", request, "platform")).state).toBe("approved");
    const connector = await act("owner", "connectors.get", { connectorId: "high-example" });
    expect(connector).toMatchObject({ status: "approved", tier: "high", holdTools: ["delete_file"] });
    const approval = await prisma().approval.findUniqueOrThrow({ where: { requestId: request.id } });
    expect(approval.tools).toEqual(["delete_file", "get_file"]);
  });
});
