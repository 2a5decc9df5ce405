import type { OutputOf } from "#lib/contract/index.ts";
import { inspect, type Probe, seen, toolNames } from "#lib/demo/inspect.ts";
import { asked, type Requested, type Stage } from "#lib/demo/play/stage.ts";
import { expect, expectEqual, expectRefused, Unmet } from "#lib/demo/play/steps.ts";

type Draft = { id: string; rowVersion: number };

/** Step 1: look for it, inspect it, ask for it. */
export async function playRequest(stage: Stage): Promise<Requested> {
  const { chapter, step } = stage;
  chapter("Request");
  const url = await step("the requester looks first: the catalogue has the server, enabled", () => search(stage));
  const probe = await step("a live inspection shows identity, tools, effects and findings", () => look(stage, url));
  await step("a private address and a name that does not exist get one identical answer", () =>
    refusedAddresses(stage),
  );
  await step("a package that does not exist is said to be so", () => missingPackage(stage));
  await step("a malformed server.json is answered with what is wrong in it", () => malformedServerJson(stage));
  const draft = await step("a draft is kept half filled, for its author only", () => keepDraft(stage));
  const ready = await step(
    "a draft with everything shows tier, stages, people and the server that exists already",
    () => preview(stage, draft, url, probe),
  );
  const requested = await step("it is submitted, and its stages are frozen", () => submit(stage, ready, url));
  await step("enabling it before its approvals is refused, to its owner as to everybody", async () => {
    const { owner, administrator } = stage.people;
    const { connectorId } = requested;
    await expectRefused(owner.ask("connectors.enable", { connectorId }), "not_approved");
    await expectRefused(administrator.ask("connectors.enable", { connectorId }), "not_approved");
  });
  return requested;
}

async function search({ people: { requester } }: Stage): Promise<string> {
  const { items } = await requester.ask("connectors.list", { q: "everything", status: "enabled" });
  const connector = items.find(({ slug }) => slug === "everything");
  if (connector === undefined) throw new Unmet("the connector everything of the demo estate", items);
  const { items: versions } = await requester.ask("connectors.versions", { connectorId: connector.id });
  const url = versions.find(({ id }) => id === connector.approvedVersionId)?.identity.url;
  if (typeof url !== "string") throw new Unmet("an approved version with its address", versions);
  return url;
}

async function look({ people: { requester } }: Stage, url: string): Promise<Probe> {
  const probe = await inspect(requester, { kind: "url", url });
  const result = seen(probe);
  const { serverInfo, protocolVersion, tls } = result.identity;
  expect(
    "a server that says who it is",
    Object(serverInfo).name !== undefined && protocolVersion !== undefined,
    result,
  );
  expectEqual("the TLS identity of a loopback server", tls, null);
  expect(
    "all tools that are asked for",
    asked.every((name) => toolNames(result).includes(name)),
    toolNames(result),
  );
  const effectOf = (name: string) => result.tools.find((tool) => tool.name === name)?.effect;
  expectEqual("effects inferred", [effectOf("echo"), effectOf("gzip-file-as-resource")], ["read", "write"]);
  expect(
    "a finding about the missing TLS",
    result.findings.some(({ code }) => code === "no_tls"),
    result.findings,
  );
  return probe;
}

async function refusedAddresses({ people: { requester } }: Stage): Promise<void> {
  const [internal, unknown] = await Promise.all(
    ["http://10.0.0.7/mcp", "http://no-such-host.invalid/mcp"].map((url) => inspect(requester, { kind: "url", url })),
  );
  expectEqual("the outcome", internal?.result?.outcome, "failed");
  expectEqual("the same answer", internal?.result, unknown?.result);
}

async function missingPackage({ people: { requester } }: Stage): Promise<void> {
  const name = "@modelcontextprotocol/server-that-does-not-exist";
  const { result } = await inspect(requester, { kind: "package", name, version: "1.0.0", args: [] });
  // Without a network nobody can know; then that is what it says.
  const codes = ["not_found", "registry_unreachable"];
  expect("failed, not_found", result?.outcome === "failed" && codes.includes(result.code), result);
}

async function malformedServerJson({ people: { requester } }: Stage): Promise<void> {
  const answer = requester.ask("probes.parse-server-json", { text: '{"name": "x", "packages": 7' });
  const came = await answer.catch((error: unknown) => error);
  if (came instanceof Error) await expectRefused(answer, "invalid_input");
  else expect("problems, and nothing to inspect", hasProblems(came as OutputOf<"probes.parse-server-json">), came);
}

function hasProblems({ problems, targets }: OutputOf<"probes.parse-server-json">): boolean {
  return problems.length > 0 && targets.length === 0;
}

async function keepDraft({ people: { requester, owner }, suffix }: Stage): Promise<Draft> {
  const form = { name: `Play ${suffix}`, purpose: "To be filled in" };
  const draft = await requester.ask("requests.create", { kind: "connector", form });
  const { form: kept, state } = await requester.ask("requests.get", { requestId: draft.id });
  expectEqual("the draft as it was left", { state, kept }, { state: "draft", kept: form });
  await expectRefused(owner.ask("requests.get", { requestId: draft.id }), "not_found");
  const submitted = requester.ask("requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion });
  const { problem } = await expectRefused(submitted, "invalid_input");
  expect("an issue for each missing field", (problem?.issues?.length ?? 0) > 3, problem);
  return draft;
}

async function preview(stage: Stage, draft: Draft, url: string, probe: Probe): Promise<Draft> {
  const { requester, owner } = stage.people;
  const form = {
    target: { kind: "url", url },
    probeId: probe.id,
    slug: slugOf(stage),
    name: `Play ${stage.suffix}`,
    purpose: "Shows the whole way from a request to evidence.",
    environment: "development",
    classification: "internal",
    tools: asked,
    accountableOwnerId: owner.id,
    durationDays: 30,
  };
  const { rowVersion } = await requester.ask("requests.update", {
    requestId: draft.id,
    rowVersion: draft.rowVersion,
    form,
  });
  const shown = await requester.ask("requests.preview", { requestId: draft.id });
  expectEqual("problems", shown.problems, []);
  expectEqual("the tier of a server without TLS", shown.tier, "high");
  expect(
    "why",
    shown.why.some(({ rule }) => rule === "identity"),
    shown.why,
  );
  const stages = shown.stages.map(({ kind, quorum }) => `${kind} ${quorum}`).sort();
  expectEqual("stages", stages, ["data_protection 1", "owner 1", "platform 1", "security 2"]);
  expect(
    "eligible people everywhere",
    shown.stages.every(({ shortage }) => shortage === null),
    shown.stages,
  );
  expect(
    "the server that exists already",
    shown.duplicates.some(({ slug }) => slug === "everything"),
    shown.duplicates,
  );
  return { id: draft.id, rowVersion };
}

async function submit(stage: Stage, { id, rowVersion }: Draft, url: string): Promise<Requested> {
  const { requester } = stage.people;
  const request = await requester.ask("requests.submit", { requestId: id, rowVersion });
  expectEqual("state", request.state, "submitted");
  expect("a digest and a connector", request.digest !== null && request.connectorId !== null, request);
  return { requestId: id, connectorId: request.connectorId ?? "", slug: slugOf(stage), url };
}

function slugOf({ suffix }: Stage): string {
  return `play-${suffix}`;
}
