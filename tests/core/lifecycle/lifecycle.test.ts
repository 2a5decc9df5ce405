import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentEvents, agentStates, agentTable } from "#lib/core/lifecycle/agent.ts";
import { changeEvents, changeStates, changeTable } from "#lib/core/lifecycle/change.ts";
import { connectorEvents, connectorStates, connectorTable } from "#lib/core/lifecycle/connector.ts";
import { grantEvents, grantStates, grantTable } from "#lib/core/lifecycle/grant.ts";
import { availableEvents, isTerminal, next, type Table } from "#lib/core/lifecycle/machine.ts";
import { requestEvents, requestStates, requestTable } from "#lib/core/lifecycle/request.ts";
import { versionEvents, versionStates, versionTable } from "#lib/core/lifecycle/version.ts";

const machines: { noun: string; table: Table<string, string>; states: readonly string[]; events: readonly string[] }[] =
  [
    { noun: "request", table: requestTable, states: requestStates, events: requestEvents },
    { noun: "version", table: versionTable, states: versionStates, events: versionEvents },
    { noun: "connector", table: connectorTable, states: connectorStates, events: connectorEvents },
    { noun: "grant", table: grantTable, states: grantStates, events: grantEvents },
    { noun: "agent", table: agentTable, states: agentStates, events: agentEvents },
    { noun: "change", table: changeTable, states: changeStates, events: changeEvents },
  ];

const terminal: Record<string, string[]> = {
  request: ["approved", "denied", "withdrawn", "expired"],
  version: ["superseded", "rejected", "revoked"],
  connector: ["retired"],
  grant: ["expired", "revoked"],
  agent: ["retired"],
  change: ["confirmed", "rejected", "expired"],
};

/** Every state on the way of a sequence of events; an event that a state does not know changes nothing. */
function walk(table: Table<string, string>, from: string, events: readonly string[]): string[] {
  const path = [from];
  for (const event of events) path.push(next(table, path.at(-1) ?? from, event) ?? path.at(-1) ?? from);
  return path;
}

describe.each(machines)("the lifecycle of a $noun", ({ noun, table, states, events }) => {
  test("ends in exactly its terminal states", () => {
    expect(states.filter((state) => isTerminal(table, state))).toEqual(terminal[noun]);
  });

  test("leads only to declared states by declared events, and every event is used", () => {
    expect(Object.keys(table)).toEqual([...states]);
    const used = new Set(states.flatMap((state) => availableEvents(table, state)));
    expect([...used].sort()).toEqual([...events].sort());
    for (const state of states) {
      for (const event of availableEvents(table, state)) expect(states).toContain(next(table, state, event));
    }
  });

  test("never leaves a terminal state, whatever happens", () => {
    const anything = fc.oneof(fc.constantFrom(...events), fc.string(), fc.constantFrom("constructor", "__proto__"));
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.array(anything), (start, sequence) => {
        const path = walk(table, start, sequence);
        const end = path.findIndex((state) => isTerminal(table, state));
        if (end >= 0) expect(new Set(path.slice(end)).size).toBe(1);
        for (const state of path) expect(states).toContain(state);
      }),
    );
  });
});

describe("the lifecycle tables", () => {
  test("know no state and no event by an inherited name", () => {
    const table: Table<string, string> = requestTable;
    expect(next(table, "draft", "toString")).toBeNull();
    expect(next(table, "constructor", "name")).toBeNull();
    expect(isTerminal(table, "__proto__")).toBe(true);
  });

  test("let a request be approved from review only", () => {
    expect(requestStates.filter((state) => next(requestTable, state, "approve") !== null)).toEqual(["in_review"]);
  });

  test("send a request whose digest changed back into review from wherever it waits", () => {
    for (const state of ["submitted", "in_review", "changes_requested"] as const) {
      expect(next(requestTable, state, "digest_changed")).toBe("in_review");
    }
  });

  test("let nothing but a review, or retirement, out of quarantine", () => {
    expect(availableEvents(connectorTable, "quarantined")).toEqual(["release_by_review", "retire"]);
  });

  test("enable a connector only after approval, or after a stop that was undone", () => {
    const intoEnabled = connectorStates.flatMap((state) =>
      availableEvents(connectorTable, state)
        .filter((event) => next(connectorTable, state, event) === "enabled")
        .map((event) => `${state} ${event}`),
    );
    expect(intoEnabled).toEqual(["approved enable", "suspended resume", "quarantined release_by_review"]);
  });

  test("let every connector, agent and grant that is not over be stopped for good", () => {
    for (const state of connectorStates.filter((s) => s !== "retired")) {
      expect(next(connectorTable, state, "retire")).toBe("retired");
    }
    for (const state of ["active", "suspended"] as const) expect(next(agentTable, state, "retire")).toBe("retired");
    for (const state of ["pending", "active"] as const) expect(next(grantTable, state, "revoke")).toBe("revoked");
  });
});
