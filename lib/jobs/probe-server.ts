import type { KeyObject } from "node:crypto";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { StoredResult } from "#lib/domain/probes/rows.ts";
import type { ProbeJob } from "#lib/domain/probes/run.ts";
import { seenResult } from "#lib/jobs/probe-result.ts";
import { createEgress, type EgressOptions } from "#lib/mcp/egress/guard.ts";
import { type ProbeCredential, probeHttp } from "#lib/mcp/probe.ts";
import { open } from "#lib/platform/seal.ts";

/** Network of tests: name resolution and further certificate authorities. */
export type Network = Pick<EgressOptions, "lookup" | "ca">;

/** Looks at a server over Streamable HTTP, through the guard, with the credential that was sealed for exactly its host. */
export async function probeServer(
  job: ProbeJob,
  url: string,
  key: KeyObject,
  signal: AbortSignal,
  network: Network,
): Promise<StoredResult> {
  const egress = createEgress({ ...network, allowList: () => job.allowed });
  try {
    const credential = job.credential === null ? undefined : unseal(job.credential, url, key);
    if (credential === null) {
      const message = "This credential is for another server or cannot be read. Seal it again for this one.";
      return { outcome: "needs_credential", scheme: null, message };
    }
    const result = await probeHttp({ url, egress, signal, ...(credential === undefined ? {} : { credential }) });
    return result.outcome === "ok" ? seenResult(result.snapshot, null) : result;
  } finally {
    await egress.close();
  }
}

function unseal(
  { host, sealed }: { host: string; sealed: Uint8Array },
  url: string,
  key: KeyObject,
): ProbeCredential | null {
  if (new URL(url).host !== host) return null;
  let secret: unknown;
  try {
    secret = JSON.parse(open(key, sealed));
  } catch {
    return null;
  }
  if (!isJsonObject(secret)) return null;
  const { kind, name, value, tokenUrl, clientId, clientSecret, scope } = secret;
  if (kind === "header" && typeof name === "string" && typeof value === "string") {
    return { headers: { [name.toLowerCase()]: value } };
  }
  if (typeof tokenUrl !== "string" || typeof clientId !== "string" || typeof clientSecret !== "string") return null;
  return { oauth: { tokenUrl, clientId, clientSecret, ...(typeof scope === "string" ? { scope } : {}) } };
}
