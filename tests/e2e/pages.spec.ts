import { expect } from "@playwright/test";
import type { DemoPerson, People } from "#lib/demo/people.ts";
import { openWhole, overflow, violations } from "#tests/e2e/page-checks.ts";
import { test } from "#tests/e2e/stage.ts";

const tabsOf = {
  connector: ["overview", "tools", "access", "versions", "activity"],
  agent: ["overview", "access", "grants", "connect", "activity"],
  settings: ["people", "teams", "tiers", "egress", "changes", "tokens", "away"],
};

/** Every page, as somebody who sees most of it. */
async function everyPage(people: People): Promise<readonly (readonly [DemoPerson | "nobody", readonly string[]])[]> {
  const { auditor, requester } = people;
  const { id: connectorId } = await auditor.ask("connectors.get", { connectorId: "everything" });
  const { items: tools } = await auditor.ask("tools.list", { connectorId, limit: 50 });
  const { items: agents } = await auditor.ask("agents.list", { limit: 50 });
  const { items: grants } = await auditor.ask("grants.list", { limit: 5 });
  const { items: events } = await auditor.ask("activity.list", { limit: 5, types: "denials" });
  const { items: requests } = await auditor.ask("requests.list", { view: "all", limit: 200 });
  const { items: own } = await requester.ask("requests.list", { view: "mine", limit: 200 });
  const agentId = idOf(agents, ({ slug }) => slug === "triage-agent");
  const toolId = idOf(tools, ({ name }) => name === "get-sum");
  const inReview = idOf(requests, ({ state, kind }) => state === "in_review" && kind === "connector");
  const asked = idOf(requests, ({ state }) => state === "changes_requested");
  const draft = idOf(own, ({ state }) => state === "draft");
  return [
    ["nobody", ["/sign-in"]],
    ["security-1", ["/", "/requests?tab=queue", "/requests?tab=all", `/requests/${inReview}`]],
    ["owner", [`/requests/${asked}`, `/requests/${asked}/edit`]],
    ["requester", ["/requests", "/requests/new", "/requests/new?kind=grant", `/requests/${draft}/edit`, "/agents/new"]],
    [
      "auditor",
      [
        "/connectors",
        ...tabsOf.connector.map((tab) => `/connectors/everything?tab=${tab}`),
        "/tools",
        `/tools/${toolId}`,
        "/agents",
        ...tabsOf.agent.map((tab) => `/agents/${agentId}?tab=${tab}`),
        "/owners",
        "/grants",
        `/grants/${idOf(grants, () => true)}`,
        "/access",
        `/access?by=agent&id=${agentId}`,
        "/activity",
        `/activity/${idOf(events, () => true)}`,
        "/evidence",
      ],
    ],
    ["administrator", [...tabsOf.settings.map((tab) => `/settings?tab=${tab}`), "/setup"]],
  ];
}

/** The id of the first that is as wanted: the demo estate has one. */
function idOf<Item extends { id: string }>(items: readonly Item[], isWanted: (item: Item) => boolean): string {
  const found = items.find(isWanted);
  if (found === undefined) throw new Error(`The demo estate lacks what a page is to show: ${String(isWanted)}`);
  return found.id;
}

test("no page is wider than the window or has an accessibility violation, at both widths and in both themes", async ({
  as,
  people,
}) => {
  test.setTimeout(300_000);
  const problems: string[] = [];
  for (const [person, paths] of await everyPage(people)) {
    const page = await as(person);
    for (const path of paths) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        if (width === 1440) await openWhole(page, path);
        const wider = await overflow(page);
        if (wider > 0) problems.push(`${path} at ${width} px: ${wider} px wider than the window`);
        problems.push(...(await violations(page)).map((text) => `${path} at ${width} px: ${text}`));
      }
    }
    await page.context().close();
  }
  expect(problems).toEqual([]);
});
