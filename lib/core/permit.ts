import type { Action } from "#lib/core/action.ts";
import type { PrincipalKind, Role } from "#lib/core/principal.ts";

/** Who asks: roles as read for this request, and how they came in. */
export type Caller = {
  kind: PrincipalKind;
  id: string;
  roles: readonly Role[];
  via: "session" | "token" | "job";
  /** Seconds since a person signed in interactively; null where nobody did. */
  interactiveSignInAgeSeconds: number | null;
  /** Of an access token: actions, `noun:*`, or `*`. */
  tokenScopes?: readonly string[];
  /** An access token of a demo instance, which may decide. */
  demo?: boolean;
};

/** What is asked about. A fact that does not apply is left out, and then nobody holds by it. */
export type ResourceFacts = {
  /** The people who own it, teams resolved. For an access question: owners of the connector and of the agent. */
  ownerIds?: readonly string[];
  /** Who asked for, started or proposed it. */
  requesterId?: string | null;
  /** The person it belongs to or is about: of a token, a delegation, a notification. */
  subjectId?: string | null;
  /** Of a request: the people who stand in now for somebody who may decide it. */
  delegateIds?: readonly string[];
  /** True for what the approved catalogue shows to everyone. */
  inCatalogue?: boolean;
  /** Of a change of two: the operation it would run (`agents.add-key`) and who would gain by it. */
  change?: { operation: string; beneficiaryIds: readonly string[] };
};

/** A way to hold a permission: a role, or a relation to the thing. `security`, `data_protection`, `platform` are the reviewers. */
export type Holder =
  | "everyone"
  | "catalogue"
  | "owner"
  | "requester"
  | "subject"
  | "delegate"
  | "security"
  | "data_protection"
  | "platform"
  | "auditor"
  | "administrator"
  | "system";

/** `decides`: approves, releases, grants, undoes a stop or makes an access token, for which an access token is never enough. */
export type Rule = { holders: readonly Holder[]; decides?: true };

/** How long ago a person may have signed in to decide, in seconds. */
export const decidingSignInSeconds = 600;

const reviewers = ["security", "data_protection", "platform"] as const satisfies readonly Holder[];
const readers = [...reviewers, "auditor"] as const;

/** Who may do what. What nobody holds is denied. */
export const permissions: Readonly<Record<Action, Rule>> = {
  "connector:read": { holders: ["catalogue", "requester", "owner", ...readers, "administrator", "system"] },
  "connector:enable": { holders: ["owner", "administrator"], decides: true },
  "connector:suspend": { holders: ["owner", "security", "system"] },
  "connector:resume": { holders: ["owner", "security"], decides: true },
  "connector:retire": { holders: ["owner"] },
  "connector:own": { holders: ["owner", "security"] },
  "tool:relabel": { holders: ["security"], decides: true },
  "request:read": { holders: ["requester", "owner", "delegate", ...readers, "system"] },
  "request:draft": { holders: ["everyone"] },
  "request:submit": { holders: ["requester"] },
  "request:edit": { holders: ["requester"] },
  "request:withdraw": { holders: ["requester"] },
  "request:comment": { holders: ["requester", "owner", "delegate", ...reviewers] },
  "request:review": { holders: ["owner", "delegate", ...reviewers], decides: true },
  "request:reclassify": { holders: ["security"], decides: true },
  "request:expire": { holders: ["system"] },
  "agent:register": { holders: ["everyone"] },
  "agent:read": { holders: ["owner", ...readers, "system"] },
  "agent:suspend": { holders: ["owner", "security", "system"] },
  "agent:resume": { holders: ["owner", "security"], decides: true },
  "agent:retire": { holders: ["owner"] },
  "agent:add-key": { holders: ["owner"] },
  "agent:revoke-key": { holders: ["owner", "security"] },
  "grant:read": { holders: ["owner", "requester", ...readers, "system"] },
  "grant:revoke": { holders: ["owner", "security", "system"] },
  "person:read": { holders: ["everyone"] },
  "person:suspend": { holders: ["administrator", "security"] },
  "person:resume": { holders: ["administrator"], decides: true },
  "role:assign": { holders: ["administrator"] },
  "role:remove": { holders: ["administrator"] },
  "role:name-second-administrator": { holders: ["administrator"], decides: true },
  "team:read": { holders: ["everyone"] },
  "team:create": { holders: ["administrator"] },
  "team:add-member": { holders: ["administrator"] },
  "team:remove-member": { holders: ["administrator"] },
  "setup:claim": { holders: ["everyone"], decides: true },
  "delegate:set": { holders: ["subject"] },
  "token:read": { holders: ["subject", "auditor"] },
  "token:create": { holders: ["subject"], decides: true },
  "token:revoke": { holders: ["subject", "security"] },
  "setting:read": { holders: ["administrator", "auditor"] },
  "tier:update": { holders: ["administrator"] },
  "egress:read": { holders: ["administrator", "auditor"] },
  "egress:add": { holders: ["administrator"] },
  "egress:remove": { holders: ["administrator"] },
  "change:read": { holders: ["requester", "administrator", "security", "auditor"] },
  "change:confirm": { holders: ["administrator", "security"], decides: true },
  "change:reject": { holders: ["requester", "administrator", "security"] },
  "probe:start": { holders: ["everyone", "system"] },
  "probe:read": { holders: ["requester", ...readers, "system"] },
  "package:release": { holders: ["platform"], decides: true },
  "credential:seal": { holders: ["owner"] },
  "activity:read": { holders: ["owner", ...readers] },
  "evidence:export": { holders: ["auditor", "system"] },
  "evidence:read": { holders: ["auditor", "system"] },
  "evidence:download": { holders: ["auditor"] },
  "log:read": { holders: ["auditor", "system"] },
  "access:explain": { holders: ["owner", ...readers] },
  "notification:read": { holders: ["subject"] },
};

/** All that an auditor does besides reading. */
const auditorChanges: readonly Action[] = ["evidence:export", "token:create", "token:revoke"];

/** What nobody does to a request or package of their own. */
const ownMatters: readonly Action[] = ["request:review", "request:reclassify", "package:release"];

/**
 * Whether a caller may do this to that thing. Roles and relations come from the table; on top of it nobody decides on
 * what they asked for or gain by, an auditor changes nothing whatever other roles they hold, and deciding takes an
 * interactive sign-in of the last ten minutes. Which stage a reviewer may decide, `eligibility` says.
 */
export function allowed(caller: Caller, action: Action, facts: ResourceFacts): boolean {
  const { holders, decides } = permissions[action];
  if (!holders.some((holder) => holds(holder, caller, facts))) return false;
  if (caller.kind === "system") return true;
  if (caller.roles.includes("auditor") && !isRead(action) && !auditorChanges.includes(action)) return false;
  if (caller.via === "token" && !inScope(action, caller.tokenScopes ?? [])) return false;
  return !isConflicted(caller, action, facts) && (decides !== true || mayDecide(caller));
}

function holds(holder: Holder, caller: Caller, facts: ResourceFacts): boolean {
  if (caller.kind === "system") return holder === "system" && caller.via === "job";
  if (caller.kind !== "user" || caller.via === "job") return false;
  switch (holder) {
    case "everyone":
      return true;
    case "catalogue":
      return facts.inCatalogue === true;
    case "owner":
      return facts.ownerIds?.includes(caller.id) === true;
    case "requester":
      return facts.requesterId === caller.id;
    case "subject":
      return facts.subjectId === caller.id;
    case "delegate":
      return facts.delegateIds?.includes(caller.id) === true;
    case "security":
    case "data_protection":
    case "platform":
      return caller.roles.includes(`${holder}_reviewer`);
    case "auditor":
    case "administrator":
      return caller.roles.includes(holder);
    case "system":
      return false;
  }
}

/** Reviews, releases and confirmations are another person's; security confirms what concerns agents, connectors and tools only. */
function isConflicted(caller: Caller, action: Action, { requesterId, change }: ResourceFacts): boolean {
  if (ownMatters.includes(action)) return requesterId === caller.id;
  if (action !== "change:confirm") return false;
  if (change === undefined || requesterId === caller.id || change.beneficiaryIds.includes(caller.id)) return true;
  return !caller.roles.includes("administrator") && !/^(agents|connectors|tools)\./.test(change.operation);
}

function mayDecide({ via, demo, interactiveSignInAgeSeconds: age }: Caller): boolean {
  if (via === "token") return demo === true;
  return via === "session" && age !== null && age >= 0 && age <= decidingSignInSeconds;
}

/** Whether an access token's scopes cover an action. */
export function inScope(action: Action, scopes: readonly string[]): boolean {
  const [noun] = action.split(":");
  return scopes.some((scope) => scope === "*" || scope === `${noun}:*` || scope === action);
}

function isRead(action: Action): boolean {
  return action.endsWith(":read") || action === "access:explain" || action === "evidence:download";
}
