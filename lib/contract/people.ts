import { z } from "zod";
import { ProposedChange } from "#lib/contract/changes.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, PersonRef, page, pageInput, Reason, text } from "#lib/contract/page.ts";

export const RoleName = z.enum([
  "security_reviewer",
  "data_protection_reviewer",
  "platform_reviewer",
  "auditor",
  "administrator",
]);

export const Person = PersonRef.extend({
  email: z.string().nullable(),
  status: z.enum(["active", "suspended"]),
  roles: z.array(RoleName),
  teams: z.array(z.object({ id: Id, name: z.string() })),
  issuer: z.string(),
  createdAt: Instant,
});
export type Person = z.infer<typeof Person>;

export const Delegation = z.object({
  id: Id,
  user: PersonRef,
  delegate: PersonRef,
  startsAt: Instant,
  endsAt: Instant,
  active: z.boolean(),
});

export type Delegation = z.infer<typeof Delegation>;

export const Me = Person.extend({
  via: z.enum(["session", "token"]),
  demo: z.boolean(),
  /** Seconds since the last interactive sign-in; null for access tokens. */
  signInAgeSeconds: z.number().nullable(),
  delegations: z.array(Delegation),
  unreadNotifications: z.number().int(),
  setupOpen: z.boolean(),
  /** How many connectors and agents they own, themselves or through a team. */
  owns: z.number().int(),
  /** For administrators and auditors: that the host made a recovery code in the last 7 days, and who used it. */
  recovery: z.object({ usedBy: z.string().nullable() }).nullable(),
});
export type Me = z.infer<typeof Me>;

export const Team = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(["business", "security"]),
  createdAt: Instant,
  members: z.array(
    z.object({ memberKind: z.enum(["user", "agent"]), memberId: Id, name: z.string(), addedAt: Instant }),
  ),
});
export type Team = z.infer<typeof Team>;

export const people = {
  "people.me": query({
    path: "/me",
    action: "person:read",
    input: z.strictObject({}),
    output: Me,
    summary: "Who am I, and what may I do",
  }),
  "people.list": query({
    path: "/people",
    action: "person:read",
    input: z.strictObject({ ...pageInput, q: z.string().max(200).optional() }),
    output: page(Person),
    summary: "List people with their roles and teams",
  }),
  "people.suspend": mutation({
    path: "/people/{personId}/suspend",
    action: "person:suspend",
    input: z.strictObject({ personId: Id, reason: Reason }),
    output: Person,
    summary: "Suspend a person: every request of theirs is refused from now on",
  }),
  "people.resume": mutation({
    path: "/people/{personId}/resume",
    action: "person:resume",
    control: "two",
    input: z.strictObject({ personId: Id, reason: Reason }),
    output: ProposedChange,
    summary: "Propose to lift a person's suspension",
  }),
  "roles.assign": mutation({
    path: "/people/{personId}/roles",
    action: "role:assign",
    control: "two",
    input: z.strictObject({ personId: Id, role: RoleName, reason: Reason }),
    output: ProposedChange,
    summary: "Propose to give a person a role",
  }),
  "roles.remove": mutation({
    path: "/people/{personId}/roles/{role}/remove",
    action: "role:remove",
    input: z.strictObject({ personId: Id, role: RoleName, reason: Reason }),
    output: Person,
    summary: "Take a role from a person (never your own last administrator)",
  }),
  "roles.name-second-administrator": mutation({
    path: "/setup/second-administrator",
    action: "role:name-second-administrator",
    input: z.strictObject({ personId: Id, reason: Reason }),
    output: Person,
    summary: "The only administrator names the second one, once; afterwards every role takes two persons",
  }),
  "setup.claim": mutation({
    path: "/setup",
    action: "setup:claim",
    input: z.strictObject({ code: text(100) }),
    output: Me,
    summary: "Become the first administrator with the setup code that the host printed",
  }),
  "teams.list": query({
    path: "/teams",
    action: "team:read",
    input: z.strictObject({ ...pageInput }),
    output: page(Team),
    summary: "List teams and their members",
  }),
  "teams.create": mutation({
    path: "/teams",
    action: "team:create",
    input: z.strictObject({ name: text(100), kind: z.enum(["business", "security"]) }),
    output: Team,
    summary: "Create a team",
  }),
  "teams.add-member": mutation({
    path: "/teams/{teamId}/members",
    action: "team:add-member",
    control: "two",
    input: z.strictObject({ teamId: Id, memberKind: z.enum(["user", "agent"]), memberId: Id, reason: Reason }),
    output: ProposedChange,
    summary: "Propose to add a person or an agent to a team",
  }),
  "teams.remove-member": mutation({
    path: "/teams/{teamId}/members/{memberId}/remove",
    action: "team:remove-member",
    input: z.strictObject({ teamId: Id, memberId: Id, reason: Reason }),
    output: Team,
    summary: "Remove a person or an agent from a team",
  }),
  "delegates.set": mutation({
    path: "/me/delegates",
    action: "delegate:set",
    control: "two",
    input: z.strictObject({
      delegateId: Id,
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime(),
      reason: Reason.default("Out of office"),
    }),
    output: ProposedChange,
    summary: "Propose who acts for me in reviews while I am out of office (at most 60 days)",
  }),
  "delegates.cancel": mutation({
    path: "/me/delegates/{delegationId}/cancel",
    action: "delegate:set",
    input: z.strictObject({ delegationId: Id }),
    output: Delegation,
    summary: "End a delegation of mine",
  }),
};
