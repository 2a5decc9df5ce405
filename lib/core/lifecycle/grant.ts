import type { Table } from "#lib/core/lifecycle/machine.ts";

export const grantStates = ["pending", "active", "expired", "revoked"] as const;
export type GrantState = (typeof grantStates)[number];

export const grantEvents = ["activate", "expire", "revoke"] as const;
export type GrantEvent = (typeof grantEvents)[number];

/** A scope grant's life. Suspension is not a state of the grant: it follows from its connector or agent. */
export const grantTable: Table<GrantState, GrantEvent> = {
  pending: { activate: "active", expire: "expired", revoke: "revoked" },
  active: { expire: "expired", revoke: "revoked" },
  expired: {},
  revoked: {},
};
