import type { Issue } from "#lib/contract/errors.ts";
import { type Finding, type InspectedTool, ProbeResult, type ProbeTarget } from "#lib/contract/probes.ts";
import { canonicalize } from "#lib/core/canonical.ts";
import { type ServerSnapshot, snapshotContent } from "#lib/core/inspection/snapshot.ts";
import type { Tx } from "#lib/db/tx.ts";
import { sha256Hex } from "#lib/domain/requests/digest.ts";

/** What the live inspection of a server found, ready to become a version. `content` is canonical, `digest` its SHA-256. */
export type Inspection = {
  probeId: string;
  target: ProbeTarget;
  credentialId: string | null;
  snapshot: ServerSnapshot;
  tools: readonly InspectedTool[];
  findings: readonly Finding[];
  package: Extract<ProbeResult, { outcome: "ok" }>["package"];
  content: string;
  digest: string;
};

const freshHours = 24;

/** Reads the inspection that a form rests on, with everything that speaks against resting on it. */
export async function readInspection(
  tx: Tx,
  probeId: string,
  requesterId: string,
  now: Date,
): Promise<{ inspection: Inspection | null; problems: Issue[] }> {
  const wrong = (message: string) => ({ inspection: null, problems: [{ path: "probeId", message }] });
  const probe = await tx.probe.findUnique({ where: { id: probeId } });
  if (probe === null || probe.requestedBy !== requesterId) {
    return wrong("Inspect the server yourself first: this inspection is not one of yours.");
  }
  if (probe.state !== "done") return wrong("The inspection has not finished yet.");
  const parsed = ProbeResult.safeParse(probe.result);
  if (!parsed.success) return wrong("This inspection cannot be read. Inspect the server again.");
  const result = parsed.data;
  if (result.outcome === "inspected") {
    return wrong("A platform reviewer has to release this package before its tools can be seen.");
  }
  if (result.outcome !== "ok") return wrong(result.message);
  const { snapshot } = probe.result as unknown as { snapshot: ServerSnapshot };
  const content = canonicalize(snapshotContent(snapshot, sha256Hex));
  const inspection: Inspection = {
    probeId,
    target: probe.target as unknown as ProbeTarget,
    credentialId: probe.credentialId,
    snapshot,
    tools: result.tools,
    findings: result.findings,
    package: result.package,
    content,
    digest: sha256Hex(content),
  };
  const age = now.getTime() - (probe.finishedAt ?? probe.createdAt).getTime();
  const old = age > freshHours * 3_600_000;
  const message = "The inspection is older than 24 hours. Inspect the server again.";
  return { inspection, problems: old ? [{ path: "probeId", message }] : [] };
}
