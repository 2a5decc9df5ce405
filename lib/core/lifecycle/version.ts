import type { Table } from "#lib/core/lifecycle/machine.ts";

export const versionStates = ["proposed", "approved", "superseded", "rejected", "revoked"] as const;
export type VersionState = (typeof versionStates)[number];

export const versionEvents = ["approve", "reject", "supersede", "revoke"] as const;
export type VersionEvent = (typeof versionEvents)[number];

/** A connector version's life. A version is immutable: what changed is a new version. */
export const versionTable: Table<VersionState, VersionEvent> = {
  proposed: { approve: "approved", reject: "rejected" },
  approved: { supersede: "superseded", revoke: "revoked" },
  superseded: {},
  rejected: {},
  revoked: {},
};
