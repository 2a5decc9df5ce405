import { beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, type PersonName, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  connectorForm,
  enabledConnector,
  inspected,
  readingTool,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reading = [readingTool("get_page")];

async function previewed(by: PersonName, kind: "version" | "extension", form: Record<string, unknown>) {
  const draft = await act(by, "requests.create", { kind, form });
  return act(by, "requests.preview", { requestId: draft.id });
}

describe("a preview", () => {
  it("of a new version says the same of a connector that is not in the catalogue as of none", async () => {
    const restricted = { classification: "restricted" };
    const hidden = await submitted(
      "requester",
      "connector",
      await connectorForm("requester", snapshot("hidden.example", reading), restricted),
    );
    const { connectorId: ended } = await enabledConnector("ended.example", reading);
    await act("owner", "connectors.retire", { connectorId: ended, reason: "It is over" });
    const { connectorId: known } = await enabledConnector("known.example", reading);
    const form = {
      probeId: await inspected("stranger", snapshot("hidden.example", reading)),
      tools: ["get_page"],
      durationDays: 10,
      purpose: "It is needed",
    };
    const none = await previewed("stranger", "version", { ...form, connectorId: "con_none" });
    expect(none).toMatchObject({ tier: null, stages: [] });
    for (const connectorId of [hidden.connectorId, "hidden-example", ended]) {
      expect(await previewed("stranger", "version", { ...form, connectorId })).toEqual(none);
    }
    const seen = await previewed("stranger", "version", { ...form, connectorId: known });
    expect(seen.tier).toBe("low");
    expect(seen.stages).not.toEqual([]);
  });

  it("of an extension says the same of a grant that the person may not see as of none", async () => {
    const agentId = await agentOf("requester", "granted");
    const { connectorId } = await enabledConnector("granted.example", reading, { agentIds: [agentId] });
    const [grant] = (await act("auditor", "grants.list", { connectorId })).items;
    const form = { grantId: grant?.id, durationDays: 10, purpose: "Still needed" };
    const none = await previewed("stranger", "extension", { ...form, grantId: "grt_none" });
    expect(none).toMatchObject({ tier: null, stages: [] });
    for (const name of ["stranger", "other-owner", "administrator"] as const) {
      expect(await previewed(name, "extension", form)).toEqual(none);
    }
    for (const name of ["requester", "owner", "platform"] as const) {
      expect((await previewed(name, "extension", form)).tier).toBe("low");
    }
    const draft = await act("stranger", "requests.create", { kind: "extension", form });
    await expect(
      act("stranger", "requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});
