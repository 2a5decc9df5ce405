import type { ReasonCode } from "#lib/core/decision/reasons.ts";
import type { CapabilityKind, Effect } from "#lib/core/inspection/snapshot.ts";
import type { Scope } from "#lib/core/scope/scope.ts";

// Rows: plain data as read from the database. Times are milliseconds since 1970 by the database's clock.

export type AgentKeyRow = { readonly id: string; readonly thumbprint: string; readonly revoked: boolean };

export type AgentRow = {
  readonly id: string;
  readonly status: "active" | "suspended" | "retired";
  readonly teamIds: readonly string[];
  readonly keys: readonly AgentKeyRow[];
};

/** One tool, resource, template or prompt of the connector's current version; kind and name are unique in a connector. */
export type ToolRow = {
  readonly toolId: string;
  readonly kind: CapabilityKind;
  readonly name: string;
  readonly definitionDigest: string;
  /** The approved definition as raw JSON text, served in lists as it is. */
  readonly definition: string;
  readonly effect: Effect;
  readonly approved: boolean;
  readonly hold: boolean;
  readonly quarantined: boolean;
  readonly removed: boolean;
};

export type ConnectorRow = {
  readonly id: string;
  readonly slug: string;
  readonly status: "requested" | "approved" | "enabled" | "suspended" | "quarantined" | "retired";
  readonly environment: string;
  readonly versionId: string;
  readonly versionDigest: string;
  readonly tier: "low" | "medium" | "high";
  readonly tools: readonly ToolRow[];
  /** The approval's condition: only these agents; null where the approval has none. */
  readonly agentsAllowed: readonly string[] | null;
  readonly approvalExpiresAt: number | null;
};

export type GrantRow = {
  readonly id: string;
  readonly principalKind: "agent" | "team";
  readonly principalId: string;
  readonly connectorId: string;
  readonly versionId: string;
  /** As stored; read by `parseScope`. A scope that cannot be read covers nothing. */
  readonly scope: unknown;
  readonly startsAt: number;
  readonly expiresAt: number;
  readonly status: "pending" | "active" | "expired" | "revoked";
};

/** Everything that decisions depend on, at one policy epoch. Revoked and expired grants may be kept for their reason. */
export type SnapshotSource = {
  readonly epoch: number;
  readonly policyVersion: string;
  readonly agents: readonly AgentRow[];
  readonly connectors: readonly ConnectorRow[];
  readonly grants: readonly GrantRow[];
};

/**
 * A change: everything named by an id is replaced by its rows, and gone where no row follows. For grants the ids name principals
 * (agents or teams) and connectors: `rows` holds all grants of those principals and all grants on those connectors.
 */
export type SnapshotPatch = {
  readonly epoch: number;
  readonly policyVersion: string;
  readonly agents?: { readonly ids: readonly string[]; readonly rows: readonly AgentRow[] };
  readonly connectors?: { readonly ids: readonly string[]; readonly rows: readonly ConnectorRow[] };
  readonly grants?: {
    readonly principalIds: readonly string[];
    readonly connectorIds: readonly string[];
    readonly rows: readonly GrantRow[];
  };
};

// Compiled: indexed and immutable; never changed after it was built, swapped by reference.

export type CompiledAgent = {
  readonly id: string;
  /** Why nothing of this agent is permitted; null while it is active. */
  readonly refusal: ReasonCode | null;
  /** Ids of keys that are not revoked. */
  readonly keyIds: readonly string[];
  readonly teamIds: readonly string[];
  /** By connector id: the agent's own grants and its teams', those without a rate first, then the longest lasting. */
  readonly grants: ReadonlyMap<string, readonly CompiledGrant[]>;
};

export type CompiledTool = {
  readonly id: string;
  readonly kind: CapabilityKind;
  readonly name: string;
  readonly effect: Effect;
  readonly hold: boolean;
  readonly definitionDigest: string;
  /** Raw JSON text for list answers. */
  readonly definition: string;
  /** Canonical JSON object naming connector, version, tool, definition digest and effect: a ready part of call records. */
  readonly reference: string;
  /** Why no call of this tool is permitted; null while it is approved and unchanged. */
  readonly refusal: ReasonCode | null;
};

export type CompiledConnector = Omit<ConnectorRow, "tools" | "agentsAllowed"> & {
  /** Why no call on this connector is permitted; null while it is enabled. */
  readonly refusal: ReasonCode | null;
  readonly agentsAllowed: ReadonlySet<string> | null;
  /** By kind, then name; in order of name by code unit. */
  readonly tools: Readonly<Record<CapabilityKind, ReadonlyMap<string, CompiledTool>>>;
};

export type CompiledGrant = Omit<GrantRow, "scope"> & { readonly scope: Scope };

export type Snapshot = {
  readonly epoch: number;
  readonly policyVersion: string;
  readonly agents: ReadonlyMap<string, CompiledAgent>;
  /** By slug. */
  readonly connectors: ReadonlyMap<string, CompiledConnector>;
  /** Every grant by the id of the agent or team that holds it; decisions read `agents` only. */
  readonly grants: Readonly<Record<GrantRow["principalKind"], ReadonlyMap<string, readonly CompiledGrant[]>>>;
};
