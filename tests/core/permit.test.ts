import { describe, expect, test } from "vitest";
import { type Action, actions } from "#lib/core/action.ts";
import { allowed, type Caller, type ResourceFacts } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";

const me = "usr_me";
const person = (...roles: Role[]): Caller => ({
  kind: "user",
  id: me,
  roles,
  via: "session",
  interactiveSignInAgeSeconds: 30,
});
const _token = (caller: Caller, ...tokenScopes: string[]): Caller => ({
  ...caller,
  via: "token",
  interactiveSignInAgeSeconds: null,
  tokenScopes,
});

/** Something that the caller has nothing to do with. */
const foreign: ResourceFacts = {
  ownerIds: ["usr_other"],
  requesterId: "usr_other",
  subjectId: "usr_other",
  delegateIds: ["usr_other"],
  inCatalogue: false,
  change: { operation: "agents.add-key", beneficiaryIds: ["usr_other"] },
};

const everyone: Action[] = [
  "request:draft",
  "agent:register",
  "person:read",
  "team:read",
  "setup:claim",
  "probe:start",
];
const reviewerReads: Action[] = [
  "connector:read",
  "request:read",
  "agent:read",
  "grant:read",
  "probe:read",
  "activity:read",
  "access:explain",
];
const reviewer: Action[] = [...everyone, ...reviewerReads, "request:comment", "request:review"];

const matrix: { who: string; caller: Caller; facts: ResourceFacts; may: Action[] }[] = [
  { who: "a person with no role", caller: person(), facts: foreign, may: everyone },
  {
    who: "a person with no role, of something in the catalogue",
    caller: person(),
    facts: { ...foreign, inCatalogue: true },
    may: [...everyone, "connector:read"],
  },
  {
    who: "the requester",
    caller: person(),
    facts: { ...foreign, requesterId: me },
    may: [
      ...everyone,
      "connector:read",
      "request:read",
      "request:submit",
      "request:edit",
      "request:withdraw",
      "request:comment",
      "grant:read",
      "probe:read",
      "change:read",
      "change:reject",
    ],
  },
  {
    who: "the owner",
    caller: person(),
    facts: { ...foreign, ownerIds: ["usr_other", me] },
    may: [
      ...everyone,
      "connector:read",
      "connector:enable",
      "connector:suspend",
      "connector:resume",
      "connector:retire",
      "connector:own",
      "request:read",
      "request:comment",
      "request:review",
      "agent:read",
      "agent:suspend",
      "agent:resume",
      "agent:retire",
      "agent:add-key",
      "agent:revoke-key",
      "grant:read",
      "grant:revoke",
      "credential:seal",
      "activity:read",
      "access:explain",
    ],
  },
  {
    who: "the person that it belongs to",
    caller: person(),
    facts: { ...foreign, subjectId: me },
    may: [...everyone, "delegate:set", "token:read", "token:create", "token:revoke", "notification:read"],
  },
  {
    who: "the delegate of a reviewer",
    caller: person(),
    facts: { ...foreign, delegateIds: [me] },
    may: [...everyone, "request:read", "request:comment", "request:review"],
  },
  {
    who: "a security reviewer",
    caller: person("security_reviewer"),
    facts: foreign,
    may: [
      ...reviewer,
      "connector:suspend",
      "connector:resume",
      "connector:own",
      "tool:relabel",
      "request:reclassify",
      "person:suspend",
      "agent:suspend",
      "agent:resume",
      "agent:revoke-key",
      "grant:revoke",
      "token:revoke",
      "change:read",
      "change:confirm",
      "change:reject",
    ],
  },
  { who: "a data protection reviewer", caller: person("data_protection_reviewer"), facts: foreign, may: reviewer },
  {
    who: "a platform reviewer",
    caller: person("platform_reviewer"),
    facts: foreign,
    may: [...reviewer, "package:release"],
  },
  {
    who: "an auditor",
    caller: person("auditor"),
    facts: foreign,
    may: [
      ...reviewerReads,
      "person:read",
      "team:read",
      "token:read",
      "setting:read",
      "egress:read",
      "change:read",
      "evidence:export",
      "evidence:read",
      "evidence:download",
      "log:read",
    ],
  },
  {
    who: "an administrator",
    caller: person("administrator"),
    facts: foreign,
    may: [
      ...everyone,
      "connector:read",
      "connector:enable",
      "person:suspend",
      "person:resume",
      "role:name-second-administrator",
      "role:assign",
      "role:remove",
      "team:create",
      "team:add-member",
      "team:remove-member",
      "setting:read",
      "tier:update",
      "egress:read",
      "egress:add",
      "egress:remove",
      "change:read",
      "change:confirm",
      "change:reject",
    ],
  },
  {
    who: "the system's jobs",
    caller: { kind: "system", id: "system", roles: [], via: "job", interactiveSignInAgeSeconds: null },
    facts: foreign,
    may: [
      "connector:read",
      "connector:suspend",
      "request:read",
      "request:expire",
      "agent:read",
      "agent:suspend",
      "grant:read",
      "grant:revoke",
      "probe:start",
      "probe:read",
      "evidence:export",
      "evidence:read",
      "log:read",
    ],
  },
];

describe.each(matrix)("$who", ({ caller, facts, may }) => {
  test.each(actions)("%s", (action) => {
    expect(allowed(caller, action, facts)).toBe(may.includes(action));
  });
});
