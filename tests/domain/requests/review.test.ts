import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { execute } from "#lib/domain/execute.ts";
import { openTestDatabase, execute as runSql } from "#tests/support/db.ts";
import { act, asOwner, idOf, seedPeople, signedIn } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  deletingTool,
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

let hosts = 0;
const freshHost = () => `host-${++hosts}.example`;
const reading = [readingTool("get_page"), readingTool("get_file")];
const dangerous = [readingTool("get_file"), deletingTool("delete_file")];

async function connectorRequest(capabilities = reading, change = {}, host = freshHost()) {
  return submitted("requester", "connector", await connectorForm("requester", snapshot(host, capabilities), change));
}

describe("a review", () => {
  it("counts no requester, stranger, auditor, unconfirmed owner or owner of an agent that gains", async () => {
    const agentId = await agentOf("security-2", "gains");
    const request = await connectorRequest(reading, { agentIds: [agentId], classification: "confidential" });
    expect((await refusal(approve("requester", request, "security"))).code).toBe("not_found");
    expect((await refusal(approve("stranger", request, "security"))).code).toBe("not_found");
    expect((await refusal(approve("auditor", request, "security"))).code).toBe("not_found");
    expect((await refusal(approve("owner", request, "owner"))).code).toBe("not_eligible");
    expect((await refusal(approve("security-2", request, "security"))).code).toBe("not_eligible");
    expect((await refusal(approve("platform", request, "security"))).code).toBe("not_eligible");
    expect(await prisma().review.count({ where: { requestId: request.id } })).toBe(0);
    const refused = await prisma().auditEvent.count({
      where: { type: "operation.refused", principalId: idOf("security-2") },
    });
    expect(refused).toBe(1);
  });

  it("takes a person who signed in within ten minutes; a token never decides", async () => {
    const request = await connectorRequest();
    const input = {
      requestId: request.id,
      stage: "security" as const,
      verdict: "approve" as const,
      digest: request.digest ?? "",
      round: request.round,
      reason: "ok",
      confirmed: true,
    };
    const late = signedIn("security-1", { interactiveSignInAgeSeconds: 601 });
    const token = signedIn("security-1", { via: "token", tokenScopes: ["*"], interactiveSignInAgeSeconds: null });
    for (const caller of [late, token]) {
      const answer = await refusal(execute("requests.review", input, { caller, requestId: "r" }));
      expect(answer.code).toBe("interactive_sign_in_required");
    }
  });

  it("of a digest that is no longer proposed is refused as stale", async () => {
    const request = await connectorRequest();
    expect((await refusal(approve("security-1", { ...request, digest: "other" }, "security"))).code).toBe(
      "stale_digest",
    );
  });

  it("of security confirms what is shown, or is refused", async () => {
    const request = await connectorRequest();
    expect(await refusal(approve("security-1", request, "security", { confirmed: false }))).toMatchObject({
      code: "invalid_input",
      issues: [{ path: "confirmed" }],
    });
  });

  it("narrows what was asked for and never widens it", async () => {
    const request = await connectorRequest(reading, { tools: ["get_page"] });
    const wide = refusal(approve("security-1", request, "security", { tools: ["get_page", "get_file"] }));
    expect(await wide).toMatchObject({ code: "invalid_input", issues: [{ path: "tools" }] });
  });

  it("that denies beats approvals, rejects the version and destroys the credential", async () => {
    const host = freshHost();
    await asOwner(database.ownerUrl, ["crd_one"], async (client) => {
      await client.query(
        "insert into sealed_credential (id, host, kind, hint, sealed, created_by) values ('crd_one', $1, 'header', 'x', 'secret', 'usr_owner')",
        [host],
      );
    });
    const seen = snapshot(host, dangerous);
    const form = await connectorForm("requester", seen, {
      probeId: await inspected("requester", seen, { credentialId: "crd_one" }),
      credentialId: "crd_one",
    });
    const request = await submitted("requester", "connector", form);
    await approve("security-1", request, "security");
    await approve("security-2", request, "security");
    const denied = await approve("data-protection", request, "data_protection", { verdict: "deny" });
    expect(denied.state).toBe("denied");
    expect((await refusal(approve("owner", request, "owner"))).code).toBe("invalid_transition");
    const credential = await prisma().sealedCredential.findUniqueOrThrow({ where: { id: "crd_one" } });
    expect([credential.sealed, credential.destroyedAt === null]).toEqual([null, false]);
    expect(await eventsOf("crd_one")).toContain("credential.destroyed");
    const versions = await prisma().connectorVersion.findMany({ where: { connectorId: request.connectorId ?? "" } });
    expect(versions.map(({ status }) => status)).toEqual(["rejected"]);
    expect(await eventsOf(request.connectorId ?? "")).toContain("connector.retired");
  });

  it("by two people at once on a quorum of two approves exactly once", async () => {
    const request = await connectorRequest(dangerous);
    await approve("security-1", request, "security");
    await Promise.all([
      approve("security-2", request, "security"),
      approve("owner", request, "owner"),
      approve("data-protection", request, "data_protection"),
    ]);
    const [first, second] = await Promise.allSettled([
      approve("platform", request, "platform"),
      approve("platform", request, "platform"),
    ]);
    expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
    expect(await prisma().approval.count({ where: { requestId: request.id } })).toBe(1);
    expect((await eventsOf(request.id)).filter((type) => type === "request.approved")).toHaveLength(1);
  });

  it("leaves nothing behind where its event cannot be written", async () => {
    const request = await connectorRequest();
    await runSql(
      database.ownerUrl,
      `create function refuse_it() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$;
       create trigger refuse_it before insert on audit_event for each row when (new.type = 'request.review-recorded') execute function refuse_it()`,
    );
    await expect(approve("security-1", request, "security")).rejects.toThrow();
    await runSql(database.ownerUrl, "drop trigger refuse_it on audit_event; drop function refuse_it");
    expect(await prisma().review.count({ where: { requestId: request.id } })).toBe(0);
    expect((await act("security-1", "requests.get", { requestId: request.id })).state).toBe("submitted");
    expect((await approve("security-1", request, "security")).state).toBe("approved");
  });
});

describe("a request whose changes were asked for", () => {
  it("keeps the edited form apart, and starts a new round without earlier reviews when it is submitted again", async () => {
    const host = freshHost();
    const request = await connectorRequest(dangerous, {}, host);
    await approve("security-1", request, "security");
    const asked = await approve("data-protection", request, "data_protection", { verdict: "request_changes" });
    expect(asked.state).toBe("changes_requested");
    const before = await act("requester", "requests.get", { requestId: request.id });
    expect(before.may).toEqual(expect.arrayContaining(["edit", "submit", "revise", "withdraw"]));

    const after = snapshot(host, [readingTool("get_file"), readingTool("list_files")]);
    const form = { ...before.form, probeId: await inspected("requester", after), tools: ["get_file", "list_files"] };
    const edit = { requestId: request.id, form, rowVersion: before.rowVersion };
    const edited = await act("requester", "requests.update", edit);
    expect((await refusal(act("requester", "requests.update", edit))).code).toBe("conflict");
    expect((await act("security-1", "requests.get", { requestId: request.id })).form.tools).toEqual([
      "delete_file",
      "get_file",
    ]);
    const again = await act("requester", "requests.submit", { requestId: request.id, rowVersion: edited.rowVersion });
    expect(again).toMatchObject({ state: "in_review", tier: "low" });
    expect(again.digest).not.toBe(request.digest);
    const detail = await act("security-1", "requests.get", { requestId: request.id });
    expect(detail.reviews.map(({ current }) => current)).toEqual([false, false]);
    expect(detail.diff.map(({ group }) => group)).toEqual(
      expect.arrayContaining(["tool delete_file", "tool list_files"]),
    );
    expect(detail.changesSinceRound.map(({ path }) => path)).toEqual(expect.arrayContaining(["/tools", "/tier"]));
    expect((await refusal(approve("security-1", request, "security"))).code).toBe("stale_digest");
    expect((await approve("security-1", again, "security")).state).toBe("approved");
  });

  it("is withdrawn by its requester only", async () => {
    const request = await connectorRequest();
    const withdraw = { requestId: request.id, reason: "Not needed" };
    expect((await refusal(act("security-1", "requests.withdraw", withdraw))).code).toBe("not_found");
    expect((await act("requester", "requests.withdraw", withdraw)).state).toBe("withdrawn");
    expect((await refusal(act("requester", "requests.withdraw", withdraw))).code).toBe("invalid_transition");
  });
});

describe("reclassifying", () => {
  it("raises tier and stages in a new round; lowering is refused", async () => {
    const request = await connectorRequest();
    const raise = { requestId: request.id, reason: "It holds customer data", effects: [] };
    const lower = act("security-1", "requests.reclassify", { ...raise, classification: "public" });
    expect((await refusal(lower)).code).toBe("second_person_required");
    const raised = await act("security-1", "requests.reclassify", {
      ...raise,
      classification: "confidential",
      effects: [{ name: "get_page", effect: "write" }],
    });
    expect(raised).toMatchObject({ tier: "medium", state: "in_review" });
    expect(raised.stages.map(({ kind }) => kind)).toEqual(["security", "owner"]);
    await approve("security-2", raised, "security");
    expect((await approve("owner", raised, "owner")).state).toBe("approved");
    const tools = await act("owner", "tools.list", { connectorId: request.connectorId ?? "", q: "get_page" });
    expect(tools.items[0]?.effect).toBe("write");
  });
});

describe("before it is submitted", () => {
  it("a request says everything that is missing, and keeps the draft", async () => {
    const draft = await act("requester", "requests.create", { kind: "connector", form: { name: "Half" } });
    const preview = await act("requester", "requests.preview", { requestId: draft.id });
    expect(preview.problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["probeId", "slug", "tools"]));
    const submit = act("requester", "requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion });
    expect((await refusal(submit)).code).toBe("invalid_input");
    expect((await act("requester", "requests.get", { requestId: draft.id })).form).toEqual({ name: "Half" });
    expect((await refusal(act("security-1", "requests.get", { requestId: draft.id }))).code).toBe("not_found");
    await act("requester", "requests.discard", { requestId: draft.id });
    expect((await refusal(act("requester", "requests.get", { requestId: draft.id }))).code).toBe("not_found");
  });

  it("refuses an inspection of somebody else's, an old one, unseen tools and oneself as owner", async () => {
    const seen = snapshot(freshHost(), reading);
    const other = await connectorForm("requester", seen, { probeId: await inspected("stranger", seen) });
    const old = await inspected("requester", seen, { finishedAt: new Date(Date.now() - 25 * 3_600_000) });
    const wrong = { tools: ["none"], probeId: old, accountableOwnerId: idOf("requester"), durationDays: 365 };
    const paths = async (form: Record<string, unknown>) =>
      (await refusal(submitted("requester", "connector", form))).issues.map(({ path }) => path);
    expect(await paths(other)).toEqual(["probeId"]);
    expect(await paths({ ...other, ...wrong })).toEqual(["probeId", "accountableOwnerId", "tools.0"]);
  });

  it("points at connectors that may be the same", async () => {
    const host = freshHost();
    const request = await connectorRequest(reading, {}, host);
    await approve("security-1", request, "security");
    const form = await connectorForm("requester", snapshot(host, reading), { slug: "another-name" });
    const draft = await act("requester", "requests.create", { kind: "connector", form });
    const preview = await act("requester", "requests.preview", { requestId: draft.id });
    expect(preview.duplicates).toMatchObject([{ id: request.connectorId, why: expect.stringContaining("same") }]);
  });

  it("says that no owner is eligible, and whom to name", async () => {
    const agentId = await agentOf("owner", "gains-as-owner");
    const form = await connectorForm("requester", snapshot(freshHost(), dangerous), { agentIds: [agentId] });
    const answer = await refusal(submitted("requester", "connector", form));
    expect(answer.code).toBe("nobody_eligible");
    expect(answer.issues).toMatchObject([{ message: expect.stringContaining("Name another owner") }]);
  });

  it("says of a grant that the connector needs a second owner, since its form names none", async () => {
    const { connectorId } = await enabledConnector(freshHost(), reading);
    const agentId = await agentOf("owner", "asks-for-own");
    const names = reading.map(({ name }) => name);
    const scope = { actions: ["discover", "invoke"], tools: { names }, constraints: [], rate: null };
    const form = { connectorId, principalKind: "agent", principalId: agentId, scope, durationDays: 7, purpose: "Ours" };
    const answer = await refusal(submitted("owner", "grant", form));
    expect(answer.issues).toEqual([
      { path: "", message: expect.stringMatching(/^The connector needs a second owner/) },
    ]);
    expect(answer.code).toBe("nobody_eligible");
  });

  it("says at the stage to name an owner where none is named yet, and at the field alone what is missing", async () => {
    const { accountableOwnerId: _, ...form } = await connectorForm("requester", snapshot(freshHost(), dangerous));
    const draft = await act("requester", "requests.create", { kind: "connector", form });
    const { stages, problems } = await act("requester", "requests.preview", { requestId: draft.id });
    expect(stages.find(({ kind }) => kind === "owner")?.shortage).toBe("Name an owner.");
    expect(problems.map(({ path }) => path)).toEqual(["accountableOwnerId"]);
  });
});

describe("lists", () => {
  it("queue what the caller may decide now, mine what the caller asked for", async () => {
    const request = await connectorRequest(dangerous);
    const has = async (name: Parameters<typeof act>[0], view: "queue" | "mine" | "all") =>
      (await act(name, "requests.list", { view, limit: 200 })).items.some(({ id }) => id === request.id);
    expect(await has("security-1", "queue")).toBe(true);
    expect(await has("owner", "queue")).toBe(false);
    expect(await has("platform", "queue")).toBe(false);
    expect(await has("requester", "mine")).toBe(true);
    expect(await has("stranger", "all")).toBe(false);
    await approve("security-1", request, "security");
    expect(await has("security-1", "queue")).toBe(false);
    expect(await has("owner", "queue")).toBe(true);
    const told = await prisma().notification.findMany({ where: { subjectId: request.id, kind: "your_turn" } });
    expect(told.map(({ userId }) => userId)).toContain(idOf("owner"));
  });
});
