import type { Table } from "#lib/core/lifecycle/machine.ts";

export const connectorStates = ["requested", "approved", "enabled", "suspended", "quarantined", "retired"] as const;
export type ConnectorState = (typeof connectorStates)[number];

export const connectorEvents = [
  "approve",
  "enable",
  "suspend",
  "resume",
  "quarantine",
  "release_by_review",
  "retire",
] as const;
export type ConnectorEvent = (typeof connectorEvents)[number];

/**
 * A connector's life. Stopping always works: retire from anywhere, quarantine also while suspended, so that resuming
 * cannot slip past it. Out of quarantine leads nothing but a review (or retirement).
 */
export const connectorTable: Table<ConnectorState, ConnectorEvent> = {
  requested: { approve: "approved", retire: "retired" },
  approved: { enable: "enabled", retire: "retired" },
  enabled: { suspend: "suspended", quarantine: "quarantined", retire: "retired" },
  suspended: { resume: "enabled", quarantine: "quarantined", retire: "retired" },
  quarantined: { release_by_review: "enabled", retire: "retired" },
  retired: {},
};
