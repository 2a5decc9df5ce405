import type { Table } from "#lib/core/lifecycle/machine.ts";

export const requestStates = [
  "draft",
  "submitted",
  "in_review",
  "changes_requested",
  "approved",
  "denied",
  "withdrawn",
  "expired",
] as const;
export type RequestState = (typeof requestStates)[number];

export const requestEvents = [
  "submit",
  "begin_review",
  "request_changes",
  "resubmit",
  "digest_changed",
  "approve",
  "deny",
  "withdraw",
  "expire",
] as const;
export type RequestEvent = (typeof requestEvents)[number];

/**
 * A request's life. Only a request in review can be approved, and whether it is, `lib/core/review/verdict.ts` says.
 * A changed digest always leads back into review, where no earlier review counts. An overdue request is denied, also
 * while it waits for changes. A draft is no request yet: it is deleted, not withdrawn.
 */
export const requestTable: Table<RequestState, RequestEvent> = {
  draft: { submit: "submitted" },
  submitted: {
    begin_review: "in_review",
    digest_changed: "in_review",
    deny: "denied",
    withdraw: "withdrawn",
    expire: "expired",
  },
  in_review: {
    approve: "approved",
    deny: "denied",
    request_changes: "changes_requested",
    digest_changed: "in_review",
    withdraw: "withdrawn",
    expire: "expired",
  },
  changes_requested: {
    resubmit: "in_review",
    digest_changed: "in_review",
    deny: "denied",
    withdraw: "withdrawn",
    expire: "expired",
  },
  approved: {},
  denied: {},
  withdrawn: {},
  expired: {},
};
