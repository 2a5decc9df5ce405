import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { expireGrants, remindExpiringGrants } from "#lib/domain/grants/expire.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, asOwner, backdate, idOf, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  enabledConnector,
  eventsOf,
  inspected,
  readingTool,
  refusal,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const scope = (names: string[], change = {}) => ({
  tools: { names },
  actions: ["discover", "invoke"],
  constraints: [],
  rate: null,
  ...change,
});

async function granted(connectorId: string, agentId: string, names: string[]) {
  const form = {
    connectorId,
    principalKind: "agent",
    principalId: agentId,
    scope: scope(names),
    durationDays: 10,
    purpose: "It is needed",
  };
  const request = await submitted("requester", "grant", form);
  await approve("owner", request, "owner");
  const [grant] = (await act("security-1", "grants.list", { connectorId, agentId, status: "active" })).items;
  return { request, grant };
}

describe("a grant", () => {
  it("on an enabled connector takes its owner, is active at once and ends when its own time is over", async () => {
    const { connectorId } = await enabledConnector("one.example", [readingTool("get_page")]);
    const agentId = await agentOf("requester", "one");
    const { grant, request } = await granted(connectorId, agentId, ["get_page"]);
    expect(request.stages.map(({ kind }) => kind)).toEqual(["owner"]);
    expect(grant).toMatchObject({
      status: "active",
      sentences: expect.arrayContaining(['May see and call "get_page".']),
    });
    const days = (Date.parse(grant?.expiresAt ?? "") - Date.parse(grant?.startsAt ?? "")) / 86_400_000;
    expect(days).toBe(10);
  });

  it("is revoked by the connector's owner, by security, not by its requester or a stranger", async () => {
    const { connectorId } = await enabledConnector("two.example", [readingTool("get_page")]);
    const agentId = await agentOf("other-owner", "two");
    const { grant } = await granted(connectorId, agentId, ["get_page"]);
    const revoke = { grantId: grant?.id ?? "", reason: "Not needed any more" };
    expect((await refusal(act("stranger", "grants.revoke", revoke))).code).toBe("not_found");
    expect((await refusal(act("requester", "grants.revoke", revoke))).code).toBe("not_found");
    expect((await act("owner", "grants.revoke", revoke)).status).toBe("revoked");
    expect((await refusal(act("owner", "grants.revoke", revoke))).code).toBe("invalid_transition");
    expect(await eventsOf(revoke.grantId)).toEqual(["grant.issued", "grant.revoked"]);
  });

  it("is extended by its owner alone: the old one ends as extended, a new one starts", async () => {
    const { connectorId } = await enabledConnector("three.example", [readingTool("get_page")]);
    const agentId = await agentOf("requester", "three");
    const { grant } = await granted(connectorId, agentId, ["get_page"]);
    const form = { grantId: grant?.id, durationDays: 20, purpose: "Still needed" };
    const request = await submitted("requester", "extension", form);
    expect(request.stages.map(({ kind }) => kind)).toEqual(["owner"]);
    expect((await approve("owner", request, "owner")).state).toBe("approved");
    const grants = (await act("security-1", "grants.list", { agentId })).items;
    expect(grants.map(({ status, statusReason }) => [status, statusReason])).toEqual([
      ["active", null],
      ["revoked", "extended"],
    ]);
    expect(await eventsOf(grant?.id ?? "")).toEqual(["grant.issued", "grant.revoked", "grant.extended"]);
  });

  it("cannot ask for a tool that was not approved, nor for longer than its tier", async () => {
    const { connectorId } = await enabledConnector("four.example", [readingTool("get_page"), readingTool("get_file")], {
      tools: ["get_page"],
    });
    const agentId = await agentOf("requester", "four");
    const principal = { connectorId, principalKind: "agent", principalId: agentId, purpose: "It is needed" };
    const wide = submitted("requester", "grant", { ...principal, scope: scope(["get_file"]), durationDays: 10 });
    expect(await refusal(wide)).toMatchObject({ code: "invalid_input", issues: [{ path: "scope.tools.names.0" }] });
  });

  it("expires by the database's clock, once, as an event", async () => {
    const { connectorId } = await enabledConnector("five.example", [readingTool("get_page")]);
    const { grant } = await granted(connectorId, await agentOf("requester", "five"), ["get_page"]);
    const id = grant?.id ?? "";
    expect(await expireGrants()).toBe(0);
    await backdate(database.ownerUrl, "scope_grant", "expires_at = now() - interval '1 second'", id);
    expect(await expireGrants()).toBe(1);
    expect(await expireGrants()).toBe(0);
    expect((await act("security-1", "grants.get", { grantId: id })).status).toBe("expired");
  });
});

it("grants that end within 14 days are announced once to whom they concern", async () => {
  const { connectorId } = await enabledConnector("soon.example", [readingTool("get_page")], {
    agentIds: [await agentOf("other-owner", "soon")],
  });
  const [grant] = (await act("auditor", "grants.list", { connectorId })).items;
  expect(await remindExpiringGrants()).toBe(0);
  await backdate(database.ownerUrl, "scope_grant", "expires_at = now() + interval '14 days'", grant?.id ?? "");
  expect(await remindExpiringGrants()).toBe(1);
  expect(await remindExpiringGrants()).toBe(0);
  const told = await prisma().notification.findMany({ where: { kind: "expiring", subjectId: grant?.id ?? "" } });
  expect(told.map(({ userId }) => userId).sort()).toEqual([idOf("other-owner"), idOf("requester")]);
});

describe("a new version", () => {
  it("continues grants for tools whose definition is the same, and ends them for all others", async () => {
    const before = [readingTool("get_page"), readingTool("get_file")];
    const { connectorId } = await enabledConnector("six.example", before);
    const agentId = await agentOf("requester", "six");
    const { grant } = await granted(connectorId, agentId, ["get_page", "get_file"]);
    const open = await submitted("requester", "grant", {
      connectorId,
      principalKind: "agent",
      principalId: agentId,
      scope: scope(["get_file"]),
      durationDays: 5,
      purpose: "Another one",
    });

    const after = [readingTool("get_page"), readingTool("get_file", "Returns another file."), readingTool("get_more")];
    const request = await submitted("requester", "version", {
      connectorId,
      probeId: await inspected("requester", snapshot("six.example", after)),
      purpose: "The server was updated",
      tools: ["get_page", "get_file", "get_more"],
      durationDays: 30,
    });
    const detail = await act("security-1", "requests.get", { requestId: request.id });
    expect(detail.comparedWithVersion).toBe(1);
    expect(detail.diff.map(({ group, change }) => [group, change])).toEqual(
      expect.arrayContaining([
        ["tool get_file", "changed"],
        ["tool get_more", "added"],
      ]),
    );
    await approve("security-1", request, "security");
    const connector = await act("owner", "connectors.get", { connectorId });
    expect(connector).toMatchObject({ status: "enabled", approvedTools: ["get_page", "get_file", "get_more"] });
    const [now, earlier] = (await act("security-1", "grants.list", { agentId })).items;
    expect(earlier).toMatchObject({ id: grant?.id, status: "revoked", statusReason: "superseded" });
    expect(now).toMatchObject({
      status: "active",
      expiresAt: grant?.expiresAt,
      scope: { tools: { names: ["get_page"] } },
    });
    const versions = (await act("owner", "connectors.versions", { connectorId })).items;
    expect(versions.map(({ status }) => status)).toEqual(["approved", "superseded"]);
    const reopened = await act("requester", "requests.get", { requestId: open.id });
    expect(reopened.state).toBe("changes_requested");
  });

  it("is the only way out of quarantine", async () => {
    const { connectorId } = await enabledConnector("seven.example", [readingTool("get_page")]);
    await asOwner(database.ownerUrl, [connectorId], async (client) => {
      await client.query(
        "insert into quarantine (id, connector_id, reason) values ('qua_seven', $1, 'another identity')",
        [connectorId],
      );
      await client.query("update connector set status = 'quarantined' where id = $1", [connectorId]);
    });
    const enable = act("owner", "connectors.enable", { connectorId });
    expect((await refusal(enable)).code).toBe("invalid_transition");
    const request = await submitted("requester", "version", {
      connectorId,
      probeId: await inspected("requester", snapshot("seven.example", [readingTool("get_page")])),
      purpose: "It moved",
      tools: ["get_page"],
      durationDays: 30,
    });
    await approve("security-1", request, "security");
    const connector = await act("owner", "connectors.get", { connectorId });
    expect(connector).toMatchObject({ status: "enabled", quarantines: [] });
    expect(await prisma().quarantineRelease.count()).toBe(1);
  });
});

describe("a connector with many tools", () => {
  it("of 5,000 is submitted, approved and searched within a transaction's five seconds", async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => readingTool(`get_item_${n}`));
    const form = await connectorForm("requester", snapshot("many.example", many), {
      agentIds: [await agentOf("requester", "many")],
    });
    const request = await submitted("requester", "connector", form);
    expect((await approve("security-1", request, "security")).state).toBe("approved");
    const connectorId = request.connectorId ?? "";
    expect((await act("owner", "connectors.enable", { connectorId })).toolCount).toBe(5_000);
    const found = await act("stranger", "tools.list", { q: "item_49", limit: 5 });
    expect(found.items.map(({ name }) => name)).toEqual([
      "get_item_49",
      "get_item_490",
      "get_item_4900",
      "get_item_4901",
      "get_item_4902",
    ]);
    const next = await act("stranger", "tools.list", { q: "item_49", limit: 5, cursor: found.nextCursor ?? "" });
    expect(next.items[0]?.name).toBe("get_item_4903");
    expect((await act("stranger", "connectors.list", { q: "many" })).items).toHaveLength(1);
  }, 60_000);
});
