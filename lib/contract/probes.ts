import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, Reason, text } from "#lib/contract/page.ts";
import { CapabilityKind, Effect } from "#lib/contract/tools.ts";

/** What is wrong or risky about what a server says, where, and what to do. Texts are escaped excerpts, shown as text. */
export const Finding = z.object({
  code: z.string(),
  severity: z.enum(["info", "low", "medium", "high"]),
  where: z.object({ kind: z.string(), name: z.string(), path: z.string() }),
  evidence: z.string(),
  whatToDo: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const PackageTarget = z.strictObject({
  kind: z.literal("package"),
  name: z
    .string()
    .max(214)
    .regex(/^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/, "An npm package name"),
  version: z
    .string()
    .max(100)
    .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/, "One exact version, no range"),
  /** Arguments after the package's command, exactly as they will run. */
  args: z.array(z.string().max(1000)).max(30).default([]),
});

export const ProbeTarget = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("url"), url: z.url().max(2000) }),
  PackageTarget,
]);
export type ProbeTarget = z.infer<typeof ProbeTarget>;

export const InspectedTool = z.object({
  kind: CapabilityKind,
  name: z.string(),
  digest: z.string(),
  definition: z.record(z.string(), z.unknown()),
  effect: Effect,
  why: z.array(z.string()),
  labels: z.array(z.string()),
});
export type InspectedTool = z.infer<typeof InspectedTool>;

/** What a look at a package gave without running it. */
export const PackageFacts = z.object({
  name: z.string(),
  version: z.string(),
  integrity: z.string(),
  lockDigest: z.string(),
  packageDigest: z.string(),
  publishedAt: Instant.nullable(),
  unpackedBytes: z.number(),
  fileCount: z.number(),
  dependencyCount: z.number(),
  scripts: z.array(z.string()),
  provenance: z.boolean(),
  argv: z.array(z.string()),
  released: z.boolean(),
});
export type PackageFacts = z.infer<typeof PackageFacts>;

export const ProbeResult = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("ok"),
    identity: z.record(z.string(), z.unknown()),
    tools: z.array(InspectedTool),
    findings: z.array(Finding),
    digest: z.string(),
    package: PackageFacts.nullable(),
  }),
  /** A package was inspected; its live probe waits for a platform reviewer's release. */
  z.object({ outcome: z.literal("inspected"), package: PackageFacts, findings: z.array(Finding) }),
  z.object({ outcome: z.literal("needs_credential"), scheme: z.string().nullable(), message: z.string() }),
  z.object({ outcome: z.literal("failed"), code: z.string(), message: z.string() }),
]);
export type ProbeResult = z.infer<typeof ProbeResult>;

export const Probe = z.object({
  id: Id,
  target: ProbeTarget,
  state: z.enum(["queued", "running", "done"]),
  result: ProbeResult.nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  /** Whether the caller may release the inspected package for a live probe. */
  mayRelease: z.boolean(),
});
export type Probe = z.infer<typeof Probe>;

export const Credential = z.object({
  id: Id,
  host: z.string(),
  kind: z.enum(["header", "oauth_client_credentials"]),
  hint: z.string(),
  createdAt: Instant,
  destroyedAt: Instant.nullable(),
});
export type Credential = z.infer<typeof Credential>;

export const probes = {
  "probes.start": mutation({
    path: "/probes",
    action: "probe:start",
    input: z.strictObject({ target: ProbeTarget, credentialId: Id.optional() }),
    output: Probe,
    summary: "Inspect a server live, or a package without running it (20 per person and hour)",
  }),
  "probes.get": query({
    path: "/probes/{probeId}",
    action: "probe:read",
    input: z.strictObject({ probeId: Id }),
    output: Probe,
    summary: "An inspection and what it found",
  }),
  "packages.release": mutation({
    path: "/probes/{probeId}/release",
    action: "package:release",
    input: z.strictObject({ probeId: Id, reason: Reason }),
    output: Probe,
    summary: "Release exactly this package digest for a live probe in the sandbox",
  }),
  "probes.parse-server-json": mutation({
    path: "/probes/parse-server-json",
    action: "probe:start",
    input: z.strictObject({ text: z.string().max(200_000) }),
    output: z.object({
      name: z.string(),
      description: z.string().nullable(),
      version: z.string().nullable(),
      targets: z.array(ProbeTarget),
      problems: z.array(z.string()),
    }),
    summary: "Read a pasted server.json and list what can be inspected from it",
  }),
  "credentials.seal": mutation({
    path: "/credentials",
    action: "credential:seal",
    input: z.strictObject({
      url: z.url().max(2000),
      connectorId: Id.optional(),
      /** One other person who may inspect that server with it, such as the requester. */
      sharedWithId: Id.optional(),
      secret: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("header"), name: text(100), value: z.string().min(1).max(8000) }),
        z.strictObject({
          kind: z.literal("oauth_client_credentials"),
          tokenUrl: z.url().max(2000),
          clientId: text(500),
          clientSecret: z.string().min(1).max(4000),
          scope: z.string().max(1000).optional(),
        }),
      ]),
    }),
    output: Credential,
    summary: "Seal a credential towards one server; it can never be read again",
  }),
};
