import { createHash } from "node:crypto";
import type { Finding, InspectedTool, ProbeResult } from "#lib/contract/probes.ts";
import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import { inferEffect } from "#lib/core/inspection/effect.ts";
import { findFindings } from "#lib/core/inspection/findings.ts";
import { definitionDigest, type ServerSnapshot, snapshotContent } from "#lib/core/inspection/snapshot.ts";
import type { StoredResult } from "#lib/domain/probes/rows.ts";
import { failureMessages } from "#lib/mcp/probe.ts";

type PackageFacts = Extract<ProbeResult, { outcome: "inspected" }>["package"];

/** What is kept of a whole look at a server: the digest that reviews bind to, each capability with its inferred effect, and findings. */
export function seenResult(
  snapshot: ServerSnapshot,
  facts: PackageFacts | null,
  packageFindings: readonly Finding[] = [],
): StoredResult {
  if (!isStorable(snapshot)) {
    return { outcome: "failed", code: "protocol_error", message: failureMessages.protocol_error };
  }
  return {
    outcome: "ok",
    identity: { ...snapshot.identity },
    tools: snapshot.capabilities.map((capability): InspectedTool => {
      const { kind, name, definition } = capability;
      return { kind, name, digest: definitionDigest(definition, sha256Hex), definition, ...inferEffect(capability) };
    }),
    findings: [...packageFindings, ...findFindings(snapshot)],
    digest: sha256Hex(canonicalize(snapshotContent(snapshot, sha256Hex))),
    package: facts,
    snapshot,
  };
}

/** PostgreSQL's JSON holds neither NUL nor half a surrogate pair; a definition that needs them is no text that anybody can review. */
function isStorable(snapshot: ServerSnapshot): boolean {
  try {
    return !/(?<!\\)(?:\\\\)*\\u0000/.test(canonicalize(snapshot as unknown as JsonObject));
  } catch {
    return false;
  }
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
