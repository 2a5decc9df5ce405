import { beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  connectorForm,
  deletingTool,
  enabledConnector,
  eventsOf,
  readingTool,
  refusal,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reading = [readingTool("get_page")];
const because = { reason: "Something is wrong" };

describe("a connector", () => {
  it("is found by slug by everyone once it is approved, before that only by whom it concerns", async () => {
    const form = await connectorForm("requester", snapshot("asked.example", reading));
    const request = await submitted("requester", "connector", form);
    const get = { connectorId: "asked-example" };
    expect((await refusal(act("stranger", "connectors.get", get))).code).toBe("not_found");
    expect((await act("stranger", "tools.list", { connectorId: "asked-example" })).items).toEqual([]);
    for (const name of ["requester", "owner", "auditor", "administrator", "platform"] as const) {
      expect((await act(name, "connectors.get", get)).openRequestId).toBe(request.id);
    }
    const { connectorId } = await enabledConnector("known.example", reading);
    expect((await act("stranger", "connectors.get", { connectorId: "known-example" })).id).toBe(connectorId);
    expect((await act("stranger", "connectors.list", { q: "known.ex" })).items.map(({ id }) => id)).toEqual([
      connectorId,
    ]);
  });

  it("is stopped by its owner or security alone and at once, and resumed only by two", async () => {
    const { connectorId } = await enabledConnector("stop.example", reading);
    const stop = { connectorId, ...because };
    for (const name of ["stranger", "administrator", "auditor", "platform"] as const) {
      expect((await refusal(act(name, "connectors.suspend", stop))).code).toBe("not_found");
    }
    expect((await act("security-1", "connectors.suspend", stop)).status).toBe("suspended");
    expect((await refusal(act("owner", "connectors.enable", { connectorId }))).code).toBe("invalid_transition");
    const { changeId } = await act("owner", "connectors.resume", stop);
    expect((await act("owner", "connectors.get", { connectorId })).status).toBe("suspended");
    expect((await refusal(act("owner", "changes.confirm", { changeId, reason: "ok" }))).code).toBe("not_eligible");
    await act("security-2", "changes.confirm", { changeId, reason: "It is mended" });
    expect((await act("owner", "connectors.get", { connectorId })).status).toBe("enabled");
    expect(await eventsOf(connectorId)).toEqual(
      expect.arrayContaining(["connector.suspended", "change.proposed", "change.confirmed", "connector.resumed"]),
    );
  });

  it("is retired by its owner for good, and its grants end with it", async () => {
    const { connectorId } = await enabledConnector("end.example", reading, {
      agentIds: [await agentOf("requester", "ends")],
    });
    expect((await refusal(act("security-1", "connectors.retire", { connectorId, ...because }))).code).toBe("not_found");
    expect((await act("owner", "connectors.retire", { connectorId, ...because })).status).toBe("retired");
    const [grant] = (await act("auditor", "grants.list", { connectorId })).items;
    expect(grant).toMatchObject({ status: "revoked", statusReason: "The connector was retired" });
    expect(await eventsOf(grant?.id ?? "")).toEqual(["grant.issued", "grant.activated", "grant.revoked"]);
  });

  it("is handed over by two; the new owner is confirmed by the second person, the earlier one ends", async () => {
    const { connectorId } = await enabledConnector("hand.example", reading);
    const input = {
      connectorId,
      ownerKind: "user" as const,
      ownerId: idOf("other-owner"),
      role: "accountable" as const,
    };
    const { changeId } = await act("owner", "connectors.set-owner", { ...input, ...because });
    await act("administrator", "changes.confirm", { changeId, reason: "Agreed" });
    const { owners } = await act("owner", "connectors.get", { connectorId });
    expect(owners).toMatchObject([{ ownerId: idOf("other-owner"), role: "accountable", confirmed: true }]);
    expect((await act("other-owner", "connectors.suspend", { connectorId, ...because })).status).toBe("suspended");
  });

  it("of the caller's shows what the caller may do, from the same table that the server enforces", async () => {
    const { connectorId } = await enabledConnector("may.example", reading);
    expect((await act("owner", "connectors.get", { connectorId })).may).toEqual(
      expect.arrayContaining(["suspend", "retire", "own", "request-version", "request-grant"]),
    );
    expect((await act("stranger", "connectors.get", { connectorId })).may).toEqual([
      "request-version",
      "request-grant",
    ]);
    expect((await act("auditor", "connectors.get", { connectorId })).may).toEqual([]);
  });
});

describe("a tool", () => {
  it("is lowered by two people of whom the second did not propose, and shown with its approved definition", async () => {
    const { connectorId } = await enabledConnector(
      "tool.example",
      [readingTool("get_page"), deletingTool("delete_page")],
      {
        tools: ["get_page"],
      },
    );
    const [tool] = (await act("security-1", "tools.list", { connectorId, q: "delete" })).items;
    const toolId = tool?.id ?? "";
    expect(tool?.effect).toBe("destructive");
    const input = { toolId, effect: "write" as const, labels: tool?.labels ?? [], ...because };
    expect((await refusal(act("owner", "tools.relabel", input))).code).toBe("not_found");
    const { changeId } = await act("security-1", "tools.relabel", input);
    expect((await refusal(act("security-1", "changes.confirm", { changeId, reason: "ok" }))).code).toBe("not_eligible");
    await act("security-2", "changes.confirm", { changeId, reason: "It only marks" });
    const shown = await act("stranger", "tools.get", { toolId });
    expect(shown).toMatchObject({
      effect: "write",
      approved: false,
      quarantine: null,
      definition: { name: "delete_page" },
    });
    const get = (await act("stranger", "tools.list", { connectorId, q: "get_page" })).items[0]?.id ?? "";
    expect((await act("stranger", "tools.get", { toolId: get })).approved).toBe(true);
  });
});
