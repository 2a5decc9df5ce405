import { z } from "zod";
import { ProposedChange } from "#lib/contract/changes.ts";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, PersonRef, page, pageInput, Reason } from "#lib/contract/page.ts";
import { Finding } from "#lib/contract/probes.ts";
import { Tier } from "#lib/contract/settings.ts";
import { CapabilityKind, Effect } from "#lib/contract/tools.ts";

export const Classification = z.enum(["public", "internal", "confidential", "restricted"]);
export const Transport = z.enum(["streamable-http", "stdio"]);
export const ConnectorStatus = z.enum(["requested", "approved", "enabled", "suspended", "quarantined", "retired"]);

export const Owner = z.object({
  id: Id,
  ownerKind: z.enum(["user", "team"]),
  ownerId: Id,
  name: z.string(),
  role: z.enum(["accountable", "technical", "security"]),
  confirmed: z.boolean(),
  confirmedBy: PersonRef.nullable(),
});
export type Owner = z.infer<typeof Owner>;

export const Connector = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  purpose: z.string(),
  environment: z.string(),
  classification: Classification,
  tier: Tier,
  status: ConnectorStatus,
  statusReason: z.string().nullable(),
  statusAt: Instant,
  transport: Transport,
  approvedVersionId: Id.nullable(),
  owners: z.array(Owner),
  toolCount: z.number().int(),
  /** The MCP endpoint that agents connect to. */
  endpoint: z.string(),
  createdAt: Instant,
  rowVersion: z.number().int(),
});
export type Connector = z.infer<typeof Connector>;

/** One field that differs between two versions. */
export const FieldChange = z.object({
  group: z.string(),
  path: z.string(),
  change: z.enum(["added", "removed", "changed"]),
  before: z.unknown(),
  after: z.unknown(),
});
export type FieldChange = z.infer<typeof FieldChange>;

export const VersionTool = z.object({
  toolId: Id,
  kind: CapabilityKind,
  name: z.string(),
  digest: z.string(),
  definition: z.record(z.string(), z.unknown()),
  /** As inferred when it was inspected; `effect` is what is in force now. */
  inferredEffect: Effect,
  effect: Effect,
  why: z.array(z.string()),
  labels: z.array(z.string()),
});
export type VersionTool = z.infer<typeof VersionTool>;

export const Version = z.object({
  id: Id,
  connectorId: Id,
  number: z.number().int(),
  status: z.enum(["proposed", "approved", "superseded", "rejected", "revoked"]),
  digest: z.string(),
  identity: z.record(z.string(), z.unknown()),
  findings: z.array(Finding),
  createdBy: PersonRef,
  createdAt: Instant,
});
export type Version = z.infer<typeof Version>;

/** What a list of connectors is ordered by; "-" for descending. */
const ConnectorSort = z.enum(["name", "-name", "slug", "-slug", "createdAt", "-createdAt"]);
export type ConnectorSort = z.infer<typeof ConnectorSort>;

const ofConnector = z.strictObject({ connectorId: Id });
const stop = z.strictObject({ connectorId: Id, reason: Reason });

export const connectors = {
  "connectors.list": query({
    path: "/connectors",
    action: "connector:read",
    input: z.strictObject({
      ...pageInput,
      q: z.string().max(200).optional(),
      status: ConnectorStatus.optional(),
      tier: Tier.optional(),
      classification: Classification.optional(),
      transport: Transport.optional(),
      sort: ConnectorSort.default("-createdAt"),
      ownedByMe: z.enum(["true", "false"]).optional(),
    }),
    output: page(Connector),
    summary: "Search the catalogue of connectors",
  }),
  "connectors.get": query({
    path: "/connectors/{connectorId}",
    action: "connector:read",
    input: ofConnector,
    output: Connector.extend({
      approvedTools: z.array(z.string()),
      holdTools: z.array(z.string()),
      approvalExpiresAt: Instant.nullable(),
      quarantines: z.array(z.object({ id: Id, toolName: z.string().nullable(), reason: z.string(), at: Instant })),
      openRequestId: Id.nullable(),
      /** What the caller may do now, from the same table that the server enforces. */
      may: z.array(z.enum(["enable", "suspend", "resume", "retire", "own", "request-version", "request-grant"])),
      /** What stopping would stop. */
      reach: z.object({ agents: z.number().int(), grants: z.number().int(), callsLastHour: z.number().int() }),
    }),
    summary: "One connector by id or slug",
  }),
  "connectors.versions": query({
    path: "/connectors/{connectorId}/versions",
    action: "connector:read",
    input: z.strictObject({ connectorId: Id, ...pageInput }),
    output: page(Version),
    summary: "Versions of a connector, newest first",
  }),
  "connectors.version": query({
    path: "/connectors/{connectorId}/versions/{versionId}",
    action: "connector:read",
    input: z.strictObject({ connectorId: Id, versionId: Id, against: Id.optional() }),
    output: Version.extend({ tools: z.array(VersionTool), diff: z.array(FieldChange), comparedWith: Id.nullable() }),
    summary: "One version with its tools and the difference from an earlier one",
  }),
  "connectors.enable": mutation({
    path: "/connectors/{connectorId}/enable",
    action: "connector:enable",
    input: ofConnector,
    output: Connector,
    summary: "Enable an approved connector",
  }),
  "connectors.suspend": mutation({
    path: "/connectors/{connectorId}/suspend",
    action: "connector:suspend",
    input: stop,
    output: Connector,
    summary: "Stop all calls to a connector at once",
  }),
  "connectors.resume": mutation({
    path: "/connectors/{connectorId}/resume",
    action: "connector:resume",
    control: "two",
    input: stop,
    output: ProposedChange,
    summary: "Propose to end a suspension",
  }),
  "connectors.retire": mutation({
    path: "/connectors/{connectorId}/retire",
    action: "connector:retire",
    input: stop,
    output: Connector,
    summary: "Retire a connector for good; its grants end",
  }),
  "connectors.set-owner": mutation({
    path: "/connectors/{connectorId}/owners",
    action: "connector:own",
    control: "two",
    input: z.strictObject({
      connectorId: Id,
      ownerKind: z.enum(["user", "team"]),
      ownerId: Id,
      role: z.enum(["accountable", "technical", "security"]),
      reason: Reason,
    }),
    output: ProposedChange,
    summary: "Propose to hand a connector over; the earlier owner in that role ends",
  }),
};
