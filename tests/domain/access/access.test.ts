import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "#lib/platform/id.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, asOwner, idOf, type PersonName, seedPeople } from "#tests/support/people.ts";
import {
  agentOf,
  approve,
  connectorForm,
  enabledConnector,
  readingTool,
  refusal,
  snapshot,
  submitted,
} from "#tests/support/requests.ts";

const database = await openTestDatabase();
let [alpha, beta] = ["", ""];
let [first, second] = ["", ""];
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  alpha = await agentOf("requester", "alpha");
  beta = await agentOf("requester", "beta");
  const tools = ["get_a", "get_b", "get_c"].map((name) => readingTool(name));
  first = (await enabledConnector("first.example", tools, { agentIds: [alpha, beta] })).connectorId;
  second = (await enabledConnector("second.example", tools, { agentIds: [beta], tools: ["get_b", "get_c"] }))
    .connectorId;
});

type Asked = { agentId?: string; connectorId?: string; toolId?: string };

/** Every page of an answer, as `agent connector tool`. */
async function rows(asked: Asked, limit = 200, who: PersonName = "security-1"): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await act(who, "access.list", { ...asked, limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ agentName, connectorSlug, tool }) => `${agentName} ${connectorSlug} ${tool}`));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const onFirst = (agent: string) => ["a", "b", "c"].map((letter) => `${agent} first-example get_${letter}`);
const onSecond = ["beta second-example get_b", "beta second-example get_c"];

describe("who can call what", () => {
  it.each([1, 2, 3, 200])(
    "is whole and in order, by agent, by connector, by tool and over all, %i rows at a time",
    async (limit) => {
      expect(await rows({ agentId: beta }, limit)).toEqual([...onFirst("beta"), ...onSecond]);
      expect(await rows({ connectorId: first }, limit)).toEqual([...onFirst("alpha"), ...onFirst("beta")]);
      expect(await rows({ agentId: alpha, connectorId: second }, limit)).toEqual([]);
      expect(await rows({}, limit)).toEqual([...onFirst("alpha"), ...onFirst("beta"), ...onSecond]);
      const [tool] = (await act("security-1", "tools.list", { connectorId: first, q: "get_b" })).items;
      expect(await rows({ toolId: tool?.id ?? "" }, limit)).toEqual([
        "alpha first-example get_b",
        "beta first-example get_b",
      ]);
    },
  );

  it("is for owners what they own, and for others nothing or nowhere", async () => {
    expect(await rows({}, 200, "requester")).toHaveLength(8);
    expect(await rows({}, 200, "stranger")).toEqual([]);
    for (const asked of [{ agentId: alpha }, { connectorId: first }, { agentId: "agt_nothing" }]) {
      expect((await refusal(act("stranger", "access.list", asked))).code).toBe("not_found");
    }
  });

  it("tells nobody of a connector that the person may not see, nor of its tools", async () => {
    const form = await connectorForm("requester", snapshot("hidden.example", [readingTool("get_x")]));
    const hidden = await submitted("requester", "connector", form);
    const { items } = await act("requester", "tools.list", { connectorId: hidden.connectorId ?? "", limit: 1 });
    const mine = await agentOf("stranger", "mine");
    for (const connectorId of [hidden.connectorId ?? "", "hidden-example", "nothing-here"]) {
      const asked = { agentId: mine, connectorId, limit: 5 };
      expect((await refusal(act("stranger", "access.list", asked))).code).toBe("not_found");
      const why = { agentId: mine, connectorId, tool: "get_x" };
      expect((await refusal(act("stranger", "access.why", why))).code).toBe("not_found");
    }
    const byTool = { agentId: mine, toolId: items[0]?.id ?? "", limit: 5 };
    expect(byTool.toolId).not.toBe("");
    expect((await refusal(act("stranger", "access.list", byTool))).code).toBe("not_found");
  });

  it("comes with a grant for each cell of the matrix, and says why and why not", async () => {
    const matrix = await act("owner", "access.matrix", { connectorId: second });
    expect(matrix.tools.map(({ name }) => name).sort()).toEqual(["get_a", "get_b", "get_c"]);
    const cells = new Map(
      matrix.agents
        .find(({ id }) => id === beta)
        ?.cells.map(({ toolId, access }) => [matrix.tools.find(({ id }) => id === toolId)?.name, access]),
    );
    expect(Object.fromEntries(cells)).toEqual({ get_a: "none", get_b: "permit", get_c: "permit" });
    const yes = await act("owner", "access.why", { agentId: beta, connectorId: second, tool: "get_b" });
    expect(yes).toMatchObject({ effect: "permit", grantId: expect.any(String) });
    const no = await act("owner", "access.why", { agentId: alpha, connectorId: second, tool: "get_b" });
    expect(no).toMatchObject({ effect: "deny", reason: "no_grant", trace: [] });
    expect(no.whatToDo.length).toBeGreaterThan(10);
  });

  it("answers for the arguments that a call would have, where a grant limits them", async () => {
    const gamma = await agentOf("requester", "gamma");
    const request = await submitted("requester", "grant", {
      connectorId: second,
      principalKind: "agent",
      principalId: gamma,
      scope: {
        tools: { names: ["get_b"] },
        actions: ["discover", "invoke"],
        constraints: [{ pointer: "/path", rule: { op: "prefix", value: "/reports/" } }],
        rate: null,
      },
      durationDays: 10,
      purpose: "Reports",
    });
    await approve("owner", request, "owner");
    const why = (args?: unknown) =>
      act("owner", "access.why", {
        agentId: gamma,
        connectorId: second,
        tool: "get_b",
        ...(args === undefined ? {} : { arguments: JSON.stringify(args) }),
      });
    expect(await why()).toMatchObject({ effect: "deny", reason: "argument_out_of_scope" });
    expect(await why({ path: "/salaries/1" })).toMatchObject({ effect: "deny", reason: "argument_out_of_scope" });
    expect(await why({ path: "/reports/1" })).toMatchObject({ effect: "permit", reason: "permitted" });
    for (const args of ["x", [1], null, 7]) expect((await refusal(why(args))).code).toBe("invalid_input");
    const half = { agentId: gamma, connectorId: second, tool: "get_b", arguments: "{" };
    expect((await refusal(act("owner", "access.why", half))).code).toBe("invalid_input");
  });

  it("is whole where more agents hold a grant than one page looks at, also for a tool that none may call", async () => {
    const { connectorId } = await enabledConnector(
      "third.example",
      ["get_a", "get_b"].map((name) => readingTool(name)),
    );
    const team = await act("administrator", "teams.create", { name: "Crowd", kind: "business" });
    const crowd = Array.from({ length: 300 }, () => newId("agt"));
    await asOwner(database.ownerUrl, [...crowd, team.id], async (client) => {
      await client.query(
        `insert into agent (id, slug, name, purpose, environment, labels, created_by)
         select i, 'crowd-' || n, 'crowd', 'Crowd', 'production', '{}', $2 from unnest($1::text[]) with ordinality x (i, n)`,
        [crowd, idOf("requester")],
      );
      await client.query(
        `insert into team_member (id, team_id, member_kind, member_id, source)
         select 'mem_' || i, $2, 'agent', i, 'demo' from unnest($1::text[]) i`,
        [crowd, team.id],
      );
    });
    const request = await submitted("requester", "grant", {
      connectorId,
      principalKind: "team",
      principalId: team.id,
      scope: { tools: { names: ["get_a"] }, actions: ["discover", "invoke"], constraints: [], rate: null },
      durationDays: 10,
      purpose: "For all of them",
    });
    await approve("owner", request, "owner");
    const toolIds = new Map(
      (await act("auditor", "tools.list", { connectorId })).items.map(({ name, id }) => [name, id] as const),
    );
    expect(await rows({ toolId: toolIds.get("get_a") ?? "" })).toHaveLength(300);
    expect(await rows({ connectorId })).toHaveLength(300);
    const asked = { toolId: toolIds.get("get_b") ?? "" };
    const page = await act("auditor", "access.list", asked);
    expect(page).toMatchObject({ items: [], nextCursor: expect.any(String) });
    expect(await rows(asked)).toEqual([]);
  });

  it("ends with a suspension at once", async () => {
    await act("security-1", "agents.suspend", { agentId: alpha, reason: "Stop" });
    expect(await rows({ agentId: alpha })).toEqual([]);
    await act("owner", "connectors.suspend", { connectorId: second, reason: "Stop" });
    expect(await rows({ agentId: beta })).toEqual(onFirst("beta"));
    expect((await act("owner", "access.why", { agentId: beta, connectorId: second, tool: "get_b" })).effect).toBe(
      "deny",
    );
  });
});
