import type { Table } from "#lib/core/lifecycle/machine.ts";

export const changeStates = ["proposed", "confirmed", "rejected", "expired"] as const;
export type ChangeState = (typeof changeStates)[number];

export const changeEvents = ["confirm", "reject", "expire"] as const;
export type ChangeEvent = (typeof changeEvents)[number];

/** The life of a change that takes two people. */
export const changeTable: Table<ChangeState, ChangeEvent> = {
  proposed: { confirm: "confirmed", reject: "rejected", expire: "expired" },
  confirmed: {},
  rejected: {},
  expired: {},
};
