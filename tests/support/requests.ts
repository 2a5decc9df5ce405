import { createHash } from "node:crypto";
import type { Issue } from "#lib/contract/errors.ts";
import type { OutputOf } from "#lib/contract/index.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import { canonicalize } from "#lib/core/canonical.ts";
import { inferEffect } from "#lib/core/inspection/effect.ts";
import { findFindings } from "#lib/core/inspection/findings.ts";
import {
  type Capability,
  definitionDigest,
  orderCapabilities,
  type ServerSnapshot,
  snapshotContent,
} from "#lib/core/inspection/snapshot.ts";
import { prisma } from "#lib/db/client.ts";
import { newId } from "#lib/platform/id.ts";
import { act, idOf, type PersonName } from "#tests/support/people.ts";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** A tool that only reads, with a schema. */
export function readingTool(name: string, description = `Returns ${name}.`): Capability {
  const inputSchema = { type: "object", properties: { id: { type: "string" } }, additionalProperties: false };
  return { kind: "tool", name, definition: { name, description, inputSchema } };
}

export function deletingTool(name: string): Capability {
  const inputSchema = { type: "object", properties: { id: { type: "string" } }, additionalProperties: false };
  return { kind: "tool", name, definition: { name, description: "Deletes it permanently.", inputSchema } };
}

/** What a look at a server behind valid TLS gives. */
export function snapshot(host: string, capabilities: readonly Capability[], more: JsonObject = {}): ServerSnapshot {
  return {
    identity: {
      transport: "streamable-http",
      url: `https://${host}/mcp`,
      host,
      tls: {
        subject: `CN=${host}`,
        issuer: "CN=Test CA",
        validFrom: "2026-01-01T00:00:00.000Z",
        validTo: "2027-01-01T00:00:00.000Z",
        spkiSha256: "00".repeat(32),
        alpn: null,
        authorized: true,
      },
      protocolVersion: "2025-11-25",
      serverInfo: { name: host, version: "1.0.0", ...more },
      instructions: null,
      capabilities: { tools: {} },
    },
    capabilities: orderCapabilities(capabilities),
  };
}

/** A finished inspection, as the worker writes it. */
export async function inspected(
  by: PersonName,
  seen: ServerSnapshot,
  change: { finishedAt?: Date; credentialId?: string } = {},
): Promise<string> {
  const id = newId("prb");
  const tools = seen.capabilities.map((capability) => ({
    ...capability,
    digest: definitionDigest(capability.definition, sha256),
    ...inferEffect(capability),
  }));
  const result = {
    outcome: "ok",
    identity: seen.identity,
    tools,
    findings: findFindings(seen),
    digest: sha256(canonicalize(snapshotContent(seen, sha256))),
    package: null,
    snapshot: seen,
  };
  const target = { kind: "url", url: seen.identity.transport === "stdio" ? "" : seen.identity.url };
  await prisma().probe.create({
    data: {
      id,
      requestedBy: idOf(by),
      kind: "http",
      target,
      state: "done",
      result: JSON.parse(JSON.stringify(result)),
      finishedAt: new Date(),
      ...change,
    },
  });
  return id;
}

/** A whole form for a connector on that server. */
export async function connectorForm(
  by: PersonName,
  seen: ServerSnapshot,
  change: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const host = seen.identity.transport === "stdio" ? "package" : seen.identity.host;
  return {
    target: { kind: "url", url: `https://${host}/mcp` },
    probeId: await inspected(by, seen),
    slug: host.replaceAll(".", "-"),
    name: `Server ${host}`,
    purpose: "Reading what the team needs",
    environment: "production",
    classification: "internal",
    tools: seen.capabilities.map(({ name }) => name),
    accountableOwnerId: idOf("owner"),
    durationDays: 30,
    ...change,
  };
}

type Kind = "connector" | "version" | "grant" | "extension";
export type Submitted = OutputOf<"requests.submit">;

/** Drafts and submits. */
export async function submitted(by: PersonName, kind: Kind, form: Record<string, unknown>): Promise<Submitted> {
  const draft = await act(by, "requests.create", { kind, form });
  return act(by, "requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion });
}

type Stage = "security" | "owner" | "data_protection" | "platform";

/** One approval of everything, or as `change` says. */
export function approve(
  name: PersonName,
  request: { id: string; digest: string | null; round: number },
  stage: Stage,
  change = {},
) {
  return act(name, "requests.review", {
    requestId: request.id,
    stage,
    verdict: "approve",
    digest: request.digest ?? "",
    round: request.round,
    reason: "It does what it says",
    confirmed: true,
    ...change,
  });
}

/** A connector of low tier that is enabled, with what led to it. */
export async function enabledConnector(host: string, capabilities: readonly Capability[], change = {}) {
  const request = await submitted(
    "requester",
    "connector",
    await connectorForm("requester", snapshot(host, capabilities), change),
  );
  await approve("security-1", request, "security");
  const connectorId = request.connectorId ?? "";
  await act("owner", "connectors.enable", { connectorId });
  return { request, connectorId };
}

/** The types of the events that name a row, oldest first. */
export async function eventsOf(id: string): Promise<string[]> {
  const events = await prisma().auditEvent.findMany({ where: { subjects: { has: id } }, orderBy: { seq: "asc" } });
  return events.map(({ type }) => type);
}

/** An agent of somebody's. */
export async function agentOf(owner: PersonName, slug: string): Promise<string> {
  const agent = await act(owner, "agents.register", { slug, name: slug, purpose: "Tests", environment: "production" });
  return agent.id;
}

/** The code that an operation is refused with, and its issues. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; issues: Issue[] }> {
  try {
    await work;
  } catch (error) {
    const { code, issues = [] } = error as { code?: string; issues?: Issue[] };
    if (code === undefined) throw error;
    return { code, issues };
  }
  throw new Error("it was not refused");
}
