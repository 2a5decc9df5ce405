import type { OutputOf } from "#lib/contract/index.ts";
import { everyItem } from "#lib/demo/people.ts";
import type { Granted, Stage } from "#lib/demo/play/stage.ts";
import { eventually, expect, expectEqual, expectRefused } from "#lib/demo/play/steps.ts";

type Event = OutputOf<"activity.list">["items"][number];

const recordedMs = 5_000;
const sequencedMs = 15_000;

/** Step 6: everything of the play is an event, and what is shown is what was decided. */
export async function playRecord(stage: Stage, granted: Granted): Promise<void> {
  const { chapter, step, people } = stage;
  const { agent, connectorId } = granted;
  chapter("Record");
  await step("the permitted call is there with its intent and its outcome", async () => {
    const events = await agentEvents(stage, granted, (all) => all.some(({ type }) => type === "call.outcome"));
    const intent = events.find(({ type, tool }) => type === "call.intent" && tool === "echo");
    const outcome = events.find(({ type, callId }) => type === "call.outcome" && callId === intent?.callId);
    expect("intent and outcome of echo", intent !== undefined && outcome !== undefined, events);
    expectEqual("the grant that permitted it", intent?.grantId, granted.main.id);
  });
  await step("every denial is there with its reason", async () => {
    const reasons = [
      "no_grant",
      "argument_out_of_scope",
      "arguments_invalid",
      "approval_required",
      "connector_suspended",
    ];
    await agentEvents(stage, granted, (all) => {
      const denials = new Set(all.flatMap(({ type, reason }) => (type === "call.denied" ? [reason] : [])));
      return reasons.every((reason) => denials.has(reason));
    });
  });
  await step("so are changes, and refusals of people", async () => {
    const all = await everyItem((cursor) =>
      people.auditor.ask("activity.list", { from: stage.startedAt, cursor, limit: 200 }),
    );
    const types = new Set(all.map(({ type }) => type));
    const expected = [
      ...["probe.started", "probe.finished", "request.submitted", "request.review-recorded", "request.approved"],
      ...["connector.enabled", "connector.suspended", "agent.registered", "change.confirmed", "grant.issued"],
      ...["grant.revoked", "agent-token.issued", "operation.refused"],
    ];
    expectEqual(
      "types that are missing",
      expected.filter((type) => !types.has(type)),
      [],
    );
  });
  await step("why the agent may or may not call agrees with what the gateway did", async () => {
    const why = (tool: string) => people["security-1"].ask("access.why", { agentId: agent.id, connectorId, tool });
    const { effect, reason, whatToDo } = await why("get-tiny-image");
    expectEqual("while the agent is suspended", { effect, reason }, { effect: "deny", reason: "agent_suspended" });
    expect("what to do", whatToDo.length > 0, whatToDo);
    const { changeId } = await people.requester.ask("agents.resume", {
      agentId: agent.id,
      reason: "The play asks why.",
    });
    await people["security-1"].ask("changes.confirm", { changeId, reason: "It was the play." });
    expectEqual("of the grant that still holds", (await why("get-tiny-image")).effect, "permit");
    expectEqual("of the revoked grant", (await why("echo")).effect, "deny");
  });
  await step("the log numbers every event, and proves one of them", async () => {
    const [event] = (await people.auditor.ask("activity.list", { subjectId: connectorId, limit: 1 })).items;
    const shown = await eventually(
      "an inclusion proof",
      sequencedMs,
      () => people.auditor.ask("activity.get", { eventId: event?.id ?? "" }),
      ({ proof }) => proof !== null,
    );
    expect("a signed checkpoint", (shown.proof?.checkpoint ?? "").includes("\n— "), shown.proof);
  });
  await step("people see only what their role and what they own let them", async () => {
    await expectRefused(people["data-protection"].ask("log.checkpoint", {}), "not_found");
    const { items } = await people.administrator.ask("activity.list", { agentId: agent.id, connectorId });
    expectEqual(
      "calls of the agent that an administrator sees",
      items.filter(({ type }) => type.startsWith("call")),
      [],
    );
  });
}

/** The events of the agent, as soon as they are what the step waits for. */
function agentEvents(
  { people: { auditor }, startedAt }: Stage,
  { agent }: Granted,
  areThere: (events: Event[]) => boolean,
): Promise<Event[]> {
  const read = () =>
    everyItem((cursor) => auditor.ask("activity.list", { agentId: agent.id, from: startedAt, cursor, limit: 200 }));
  return eventually("the events of the agent's calls", recordedMs, read, areThere);
}
