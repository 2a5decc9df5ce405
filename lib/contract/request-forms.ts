import { z } from "zod";
import { Slug } from "#lib/contract/agents.ts";
import { Classification } from "#lib/contract/connectors.ts";
import { Constraint, Scope } from "#lib/contract/grants.ts";
import { Id, text } from "#lib/contract/page.ts";
import { ProbeTarget } from "#lib/contract/probes.ts";

const durationDays = z
  .number("Give a number of days")
  .int("Give whole days")
  .min(1, "At least one day")
  .max(365, "At most 365 days");

/** What the intended agents get when the request is approved. */
const intended = {
  agentIds: z.array(Id).max(50).default([]),
  constraints: z.array(Constraint).max(50).default([]),
  rate: Scope.shape.rate.default(null),
  durationDays,
};

/** A new connector. `probeId` is the live inspection that it rests on; `tools` are the names asked for. */
export const ConnectorForm = z.strictObject({
  target: ProbeTarget,
  probeId: Id,
  credentialId: Id.optional(),
  slug: Slug,
  name: text(100),
  purpose: text(2000),
  environment: z.enum(["production", "staging", "development"]),
  classification: Classification,
  tools: z.array(z.string().max(1024)).min(1, "Choose at least one tool").max(5000),
  accountableOwnerId: Id,
  technicalOwnerId: Id.optional(),
  ticket: z.string().max(200).optional(),
  ...intended,
});

/** A new version of a registered connector: inspected again, with the tools wanted from it. */
export const VersionForm = z.strictObject({
  connectorId: Id,
  probeId: Id,
  purpose: text(2000),
  tools: z.array(z.string().max(1024)).min(1, "Choose at least one tool").max(5000),
  ...intended,
});

/** A grant on an enabled connector, for an agent or a team of agents. */
export const GrantForm = z.strictObject({
  connectorId: Id,
  principalKind: z.enum(["agent", "team"]),
  principalId: Id,
  scope: Scope,
  durationDays,
  purpose: text(2000),
});

/** The same scope for longer. */
export const ExtensionForm = z.strictObject({ grantId: Id, durationDays, purpose: text(2000) });

export const forms = { connector: ConnectorForm, version: VersionForm, grant: GrantForm, extension: ExtensionForm };
