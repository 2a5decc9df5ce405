import { asked, held, leftOut, type Requested, type Reviewed, type Stage } from "#lib/demo/play/stage.ts";
import { expect, expectEqual, expectRefused } from "#lib/demo/play/steps.ts";
import { approve, type RequestDetail } from "#lib/demo/review.ts";

const approved = asked.filter((name) => name !== leftOut);

/** Steps 2 and 3: the review with its refusals, then enabling. */
export async function playReview(stage: Stage, requested: Requested): Promise<Reviewed> {
  const { chapter, step, people } = stage;
  const { requestId, connectorId } = requested;
  const read = () => people["security-1"].ask("requests.get", { requestId });
  const by = async (...[who, part, terms]: [keyof typeof people, Parameters<typeof approve>[2], object?]) =>
    approve(people, who, part, await read(), terms);

  chapter("Review");
  await step("it stands in the queues of those who may decide it, and in nobody else's", () =>
    queues(stage, requestId),
  );
  await step("the requester does not review their own request", async () => {
    await expectRefused(by("requester", "security"), "not_found", "not_eligible");
  });
  await step("an auditor and an administrator decide nothing by being that", async () => {
    await expectRefused(by("auditor", "security"), "not_found", "not_eligible");
    await expectRefused(by("administrator", "security"), "not_found", "not_eligible");
  });
  await step("raising the classification opens a new round with a stage plan of its own", () =>
    reclassify(stage, requestId),
  );
  await step("a review of what it was before is refused as stale", async () => {
    const stale = { id: requestId, digest: "0".repeat(64), round: 1 };
    await expectRefused(approve(people, "security-1", "security", stale), "stale_digest");
  });
  await step("the owner whom the requester named does not count before security confirmed them", async () => {
    await expectRefused(by("owner", "owner"), "not_found", "not_eligible");
  });
  await step("an approval needs a reason and, from security, its confirmation", async () => {
    await expectRefused(by("security-1", "security", { reason: " " }), "invalid_input");
    await expectRefused(by("security-1", "security", { confirmed: false }), "invalid_input");
  });
  await step(`security approves with conditions: without ${leftOut}, ${held} held`, async () => {
    await by("security-1", "security", { tools: approved, conditions: { holdTools: [held] } });
    await expectRefused(by("security-1", "security"), "already_decided");
  });
  await step("platform waits for the stages before it", async () => {
    await expectRefused(by("platform", "platform"), "invalid_transition");
  });
  await step("owner, data protection, a second security reviewer and platform approve", async () => {
    await by("owner", "owner");
    await by("data-protection", "data_protection");
    expectEqual("state before platform", (await by("security-2", "security")).state, "in_review");
    expectEqual("state after platform", (await by("platform", "platform")).state, "approved");
  });

  chapter("Enable");
  await step("who may not, is told that there is no such thing", async () => {
    await expectRefused(people["security-1"].ask("connectors.enable", { connectorId }), "not_found");
    await expectRefused(people.auditor.ask("connectors.enable", { connectorId }), "not_found");
  });
  const endpoint = await step("its owner enables it, with exactly what the review left", () =>
    enable(stage, connectorId),
  );
  return { ...requested, endpoint, approved, held };
}

async function queues({ people }: Stage, requestId: string): Promise<void> {
  const waits = async (who: keyof typeof people) => {
    const { items } = await people[who].ask("requests.list", { view: "queue", limit: 200 });
    return items.some(({ id }) => id === requestId);
  };
  for (const who of ["security-1", "security-2", "data-protection"] as const) {
    expect(`in the queue of ${who}`, await waits(who), false);
  }
  for (const who of ["requester", "auditor", "administrator"] as const) {
    expect(`not in the queue of ${who}`, !(await waits(who)), true);
  }
}

async function reclassify({ people }: Stage, requestId: string): Promise<RequestDetail> {
  const before = await people["security-1"].ask("requests.get", { requestId });
  await people["security-1"].ask("requests.reclassify", {
    requestId,
    classification: "confidential",
    reason: "Texts of tickets go through it.",
  });
  const after = await people["security-1"].ask("requests.get", { requestId });
  expectEqual("classification", after.classification, "confidential");
  expectEqual("round", after.round, before.round + 1);
  return after;
}

async function enable({ people: { owner } }: Stage, connectorId: string): Promise<string> {
  await owner.ask("connectors.enable", { connectorId });
  const connector = await owner.ask("connectors.get", { connectorId });
  expectEqual("status", connector.status, "enabled");
  expectEqual("approved tools", [...connector.approvedTools].sort(), [...approved].sort());
  expectEqual("held tools", connector.holdTools, [held]);
  return connector.endpoint;
}
