import fc from "fast-check";
import { expect, test } from "vitest";
import { discoverable, reach, whoCan } from "#lib/core/decision/access.ts";
import { compile, recompile } from "#lib/core/decision/compile.ts";
import { type Call, decide, explain } from "#lib/core/decision/decide.ts";
import { REASONS } from "#lib/core/decision/reasons.ts";
import type { GrantRow, SnapshotSource } from "#lib/core/decision/snapshot.ts";
import {
  anyAgent,
  anyCall,
  anyConnector,
  anyGrant,
  anyGrants,
  anySource,
  CONNECTOR_IDS,
  TEAM_IDS,
} from "#tests/core/decision/arbitrary.ts";
import { isPermitted } from "#tests/core/decision/reference.ts";

const seed = 20_300_101;

/** The source with every grant spent that permits this call, one after the other, as an enforcer does. */
function exhaust(source: SnapshotSource, call: Call): Set<string> {
  const snapshot = compile(source);
  const exhausted = new Set<string>();
  for (;;) {
    const { rate, grantId } = decide(snapshot, { ...call, exhausted });
    if (rate === null || grantId === null) return exhausted;
    exhausted.add(grantId);
  }
}

test("the compiled decision permits exactly what the rows permit", () => {
  let permits = 0;
  fc.assert(
    fc.property(anySource, fc.array(anyCall, { minLength: 8, maxLength: 8 }), (source, calls) => {
      const snapshot = compile(source);
      for (const call of calls) {
        const permitted = isPermitted(source, call);
        if (permitted) permits += 1;
        expect(decide(snapshot, call).effect).toBe(permitted ? "permit" : "deny");
        const spent = { ...call, exhausted: exhaust(source, call) };
        expect(decide(snapshot, spent).effect).toBe(isPermitted(source, spent) ? "permit" : "deny");
      }
    }),
    { numRuns: 1_000, seed },
  );
  expect(permits).toBeGreaterThan(1_000);
});

test("without grants everything is denied", () => {
  fc.assert(
    fc.property(
      anySource,
      anyCall,
      (source, call) => decide(compile({ ...source, grants: [] }), call).effect === "deny",
    ),
    { seed },
  );
});

test("a further grant never takes a permit away, and one grant fewer never gives one", () => {
  fc.assert(
    fc.property(anySource, anyGrant, fc.array(anyCall, { minLength: 8, maxLength: 8 }), (source, grant, calls) => {
      const before = compile(source);
      const after = compile({ ...source, grants: [...source.grants, { ...grant, id: "grt_new" }] });
      for (const call of calls) {
        if (decide(before, call).effect === "permit") expect(decide(after, call).effect).toBe("permit");
        const exhausted = exhaust(source, call);
        if (decide(before, { ...call, exhausted }).effect === "permit") {
          expect(decide(after, { ...call, exhausted }).effect).toBe("permit");
        }
      }
    }),
    { numRuns: 800, seed },
  );
});

test("the order of rows decides nothing", () => {
  fc.assert(
    fc.property(anySource, anyCall, (source, call) => {
      const turned = compile({
        ...source,
        agents: source.agents.toReversed(),
        connectors: source.connectors.toReversed(),
        grants: source.grants.toReversed(),
      });
      const [one, other] = [decide(compile(source), call), decide(turned, call)];
      expect(one.effect).toBe(other.effect);
      expect(one.reason).toBe(other.reason);
    }),
    { numRuns: 800, seed },
  );
});

test("an explanation decides what the decision decides, and names every grant on the connector", () => {
  fc.assert(
    fc.property(anySource, anyCall, (source, call) => {
      const snapshot = compile(source);
      const { decision, grants } = explain(snapshot, call);
      expect(decision).toEqual(decide(snapshot, call));
      if (decision.effect === "permit") {
        expect(grants.find((one) => one.grant.id === decision.grantId)?.reason).toBe("permitted");
      }
    }),
    { numRuns: 800, seed },
  );
});

test("a list holds what may be discovered, and what it hides cannot be used", () => {
  fc.assert(
    fc.property(anySource, anyCall, (source, call) => {
      const snapshot = compile(source);
      const listed = discoverable(snapshot, call);
      const use = call.kind === "tool" ? "invoke" : "read";
      const tools = snapshot.connectors.get(call.connectorSlug)?.tools[call.kind].values() ?? [];
      for (const tool of tools) {
        const { reason } = decide(snapshot, { ...call, name: tool.name, action: use });
        expect(listed.includes(tool)).toBe(REASONS[reason].isListed);
      }
    }),
    { numRuns: 800, seed },
  );
});

test("the access map agrees from both sides and holds every permitted use", () => {
  fc.assert(
    fc.property(anySource, anyCall, (source, { keyId: _, ...call }) => {
      const snapshot = compile(source);
      const byAgent = source.agents.flatMap((agent) => reach(snapshot, agent.id, call.now));
      const byTool = source.connectors.flatMap((connector) =>
        connector.tools.flatMap((tool) => whoCan(snapshot, { ...tool, connectorSlug: connector.slug }, call.now)),
      );
      const keys = (lines: typeof byAgent) =>
        lines.map((line) => [line.agentId, line.connector.id, line.tool.kind, line.tool.name].join(" ")).sort();
      expect(keys(byAgent)).toEqual(keys(byTool));
      const { tool, effect } = decide(snapshot, call);
      if (effect === "permit") {
        expect(byAgent.some((line) => line.agentId === call.agentId && line.tool === tool)).toBe(true);
      }
    }),
    { numRuns: 150, seed },
  );
});

/** A change of one agent, one connector and some grants, with the whole source after it. */
const anyChange = fc
  .record({
    source: anySource,
    agent: fc.option(anyAgent("agt_2"), { nil: undefined }),
    connector: fc.option(anyConnector("con_1"), { nil: undefined }),
    principalIds: fc.subarray(["agt_1", "agt_2", ...TEAM_IDS]),
    connectorIds: fc.subarray([...CONNECTOR_IDS]),
    grants: anyGrants,
  })
  .map(({ source, agent, connector, principalIds, connectorIds, grants }) => {
    const isNamed = (grant: GrantRow) =>
      principalIds.includes(grant.principalId) || connectorIds.some((id) => id === grant.connectorId);
    const kept = source.grants.filter((grant) => !isNamed(grant));
    const keptIds = new Set(kept.map((grant) => grant.id));
    const rows = grants.filter((grant) => isNamed(grant) && !keptIds.has(grant.id));
    const agents = agent === undefined ? [] : [agent];
    const connectors = connector === undefined ? [] : [connector];
    const after: SnapshotSource = {
      ...source,
      epoch: source.epoch + 1,
      agents: [...source.agents.filter((one) => one.id !== "agt_2"), ...agents],
      connectors: [...source.connectors.filter((one) => one.id !== "con_1"), ...connectors],
      grants: [...kept, ...rows],
    };
    const patch = {
      epoch: after.epoch,
      policyVersion: after.policyVersion,
      agents: { ids: ["agt_2"], rows: agents },
      connectors: { ids: ["con_1"], rows: connectors },
      grants: { principalIds, connectorIds, rows },
    };
    return { source, patch, after };
  });

test("rebuilding what changed gives the snapshot that building everything gives", () => {
  fc.assert(
    fc.property(anyChange, ({ source, patch, after }) => {
      const before = compile(source);
      expect(recompile(before, patch)).toEqual(compile(after));
      expect(before).toEqual(compile(source));
    }),
    { numRuns: 400, seed },
  );
});

test("rebuilding one agent shares all the others", () => {
  fc.assert(
    fc.property(anySource, (source) => {
      const before = compile(source);
      const rows = source.agents.filter((one) => one.id === "agt_2");
      const after = recompile(before, { epoch: 1, policyVersion: "p", agents: { ids: ["agt_2"], rows } });
      expect(after.agents.get("agt_1")).toBe(before.agents.get("agt_1"));
      expect(after.connectors).toBe(before.connectors);
      expect(after.grants).toBe(before.grants);
    }),
    { numRuns: 20, seed },
  );
});
