import type { Ineligible } from "#lib/core/review/eligibility.ts";

/** Why somebody may not decide a stage, as a sentence for them. */
export const sentences: Readonly<Record<Ineligible, string>> = {
  unknown_person: "You are not among those who can decide this.",
  not_active: "This person is not active.",
  auditor: "Auditors change nothing, so they decide nothing.",
  requester: "You asked for this yourself; somebody else decides.",
  last_editor: "You edited what is decided on; somebody else decides.",
  benefiting_agent_owner: "An agent of yours gains by this; somebody else decides.",
  unconfirmed_owner: "The requester named you as owner and security has not confirmed that yet.",
  delegate_of_excluded: "You stand in for somebody who may not decide this.",
  owner_counts_for_owner_stage: "You answer for this connector, so you decide its owner stage and no other.",
  role_missing: "You do not have the role that decides this stage.",
  already_counted: "You count for another stage of this request already.",
  no_delegation: "Nobody asked you to stand in for them.",
};
