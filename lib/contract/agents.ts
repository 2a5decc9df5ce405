import { z } from "zod";
import { ProposedChange } from "#lib/contract/changes.ts";
import { Owner } from "#lib/contract/connectors.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput, Reason, text } from "#lib/contract/page.ts";

/** A public key as JWK (RFC 7517): Ed25519 or P-256. Private members are refused. */
export const PublicJwk = z.union([
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().regex(/^[\w-]{43}$/) }),
  z.strictObject({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    x: z.string().regex(/^[\w-]{43}$/),
    y: z.string().regex(/^[\w-]{43}$/),
  }),
]);
export type PublicJwk = z.infer<typeof PublicJwk>;

export const AgentKey = z.object({
  id: Id,
  thumbprint: z.string(),
  algorithm: z.enum(["EdDSA", "ES256"]),
  addedAt: Instant,
  revokedAt: Instant.nullable(),
});

export const AgentStatus = z.enum(["active", "suspended", "retired"]);

export const Agent = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  purpose: z.string(),
  environment: z.string(),
  labels: z.array(z.string()),
  status: AgentStatus,
  statusReason: z.string().nullable(),
  owners: z.array(Owner),
  createdAt: Instant,
  activeGrants: z.number().int(),
  lastCallAt: Instant.nullable(),
  rowVersion: z.number().int(),
});
export type Agent = z.infer<typeof Agent>;

export const Slug = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "Lower-case letters, digits and single dashes");

export const Environment = z.enum(["production", "staging", "development"]);

/** What a list of agents is ordered by; "-" for descending. */
const AgentSort = z.enum(["name", "-name", "slug", "-slug", "createdAt", "-createdAt"]);
export type AgentSort = z.infer<typeof AgentSort>;

const stop = z.strictObject({ agentId: Id, reason: Reason });

export const agents = {
  "agents.list": query({
    path: "/agents",
    action: "agent:read",
    input: z.strictObject({
      ...pageInput,
      q: z.string().max(200).optional(),
      status: AgentStatus.optional(),
      environment: Environment.optional(),
      sort: AgentSort.default("-createdAt"),
      ownedByMe: z.enum(["true", "false"]).optional(),
    }),
    output: page(Agent),
    summary: "List agents that I may see",
  }),
  "agents.get": query({
    path: "/agents/{agentId}",
    action: "agent:read",
    input: z.strictObject({ agentId: Id }),
    output: Agent.extend({
      keys: z.array(AgentKey),
      teams: z.array(z.object({ id: Id, name: z.string() })),
      may: z.array(z.enum(["suspend", "resume", "retire", "add-key", "revoke-key"])),
      /** What the agent needs to get a token and to connect. */
      connect: z.object({ issuer: z.string(), tokenEndpoint: z.string(), clientId: z.string() }),
    }),
    summary: "One agent by id or slug, with its keys",
  }),
  "agents.register": mutation({
    path: "/agents",
    action: "agent:register",
    input: z.strictObject({
      slug: Slug,
      name: text(100),
      purpose: text(1000),
      environment: Environment,
      labels: z.array(text(40)).max(20).default([]),
      ownerKind: z.enum(["user", "team"]).optional(),
      ownerId: Id.optional(),
    }),
    output: Agent,
    summary: "Register an agent that I (or my team) own; its keys are added by agents.add-key",
  }),
  "agents.add-key": mutation({
    path: "/agents/{agentId}/keys",
    action: "agent:add-key",
    control: "two",
    input: z.strictObject({ agentId: Id, publicJwk: PublicJwk, reason: Reason }),
    output: ProposedChange,
    summary: "Propose a public key for an agent",
  }),
  "agents.revoke-key": mutation({
    path: "/agents/{agentId}/keys/{keyId}/revoke",
    action: "agent:revoke-key",
    input: z.strictObject({ agentId: Id, keyId: Id, reason: Reason }),
    output: Agent,
    summary: "Revoke a key: no token that it gets works any more",
  }),
  "agents.suspend": mutation({
    path: "/agents/{agentId}/suspend",
    action: "agent:suspend",
    input: stop,
    output: Agent,
    summary: "Stop all calls of an agent at once",
  }),
  "agents.resume": mutation({
    path: "/agents/{agentId}/resume",
    action: "agent:resume",
    control: "two",
    input: stop,
    output: ProposedChange,
    summary: "Propose to end an agent's suspension",
  }),
  "agents.retire": mutation({
    path: "/agents/{agentId}/retire",
    action: "agent:retire",
    input: stop,
    output: Agent,
    summary: "Retire an agent for good; its grants end",
  }),
};
