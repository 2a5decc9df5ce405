import type { Table } from "#lib/core/lifecycle/machine.ts";

export const agentStates = ["active", "suspended", "retired"] as const;
export type AgentState = (typeof agentStates)[number];

export const agentEvents = ["suspend", "resume", "retire"] as const;
export type AgentEvent = (typeof agentEvents)[number];

/** An agent's life. */
export const agentTable: Table<AgentState, AgentEvent> = {
  active: { suspend: "suspended", retire: "retired" },
  suspended: { resume: "active", retire: "retired" },
  retired: {},
};
