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
 * A connector's life. Stopping for good works from anywhere. Out of quarantine leads nothing but a review (or retirement);
 * a connector quarantined while suspended stays suspended, and the open quarantine refuses to resume it.
 */
export const connectorTable: Table<ConnectorState, ConnectorEvent> = {
  requested: { approve: "approved", retire: "retired" },
  approved: { enable: "enabled", retire: "retired" },
  enabled: { suspend: "suspended", quarantine: "quarantined", retire: "retired" },
  suspended: { resume: "enabled", retire: "retired" },
  quarantined: { release_by_review: "enabled", retire: "retired" },
  retired: {},
};
