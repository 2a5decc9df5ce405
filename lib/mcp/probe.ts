import type { ServerDescription, ServerIdentity, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import { ChannelError, type ChannelFailure, CredentialNeeded, HandshakeRefused } from "#lib/mcp/channel.ts";
import { readTarget } from "#lib/mcp/egress/address.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { createHttpChannel } from "#lib/mcp/http/client.ts";
import { type ClientCredentials, fetchClientToken } from "#lib/mcp/http/client-credentials.ts";
import { createModernChannel } from "#lib/mcp/http/modern-channel.ts";
import { discover, type SnapshotBounds, snapshotLimits, takeSnapshot } from "#lib/mcp/snapshot.ts";

/** What to show the server: fixed headers, or a client of its authorization server. */
export type ProbeCredential = { headers: Readonly<Record<string, string>> } | { oauth: ClientCredentials };

/** Everything that a look at a server can end in. `message` is a plain sentence that says what to do; it holds no address and no remote text. */
export type ProbeResult =
  | { outcome: "ok"; snapshot: ServerSnapshot }
  | { outcome: "needs_credential"; scheme: string | null; message: string }
  | { outcome: "failed"; code: ChannelFailure; message: string };

/** What a person can do about each failure. */
export const failureMessages: Readonly<Record<ChannelFailure, string>> = {
  egress_refused:
    "This address is not allowed. Use a public https address, or ask an administrator to add the host and port to the allow-list.",
  unreachable:
    "The server did not accept a connection. Check that it is running and that the port is right, then try again.",
  tls_invalid:
    "The server's certificate could not be verified. Install a certificate that matches the host name and has not expired.",
  timeout: "The server took too long to answer. Check its load, then try again.",
  too_large: "The server sent more than Ambit accepts (8 MiB or 5,000 items). Split it into smaller servers.",
  looping: "The server's list never ends: it repeats a cursor or has more than 100 pages. Correct its paging.",
  not_mcp: "The address answers, but not as an MCP server over Streamable HTTP. Check the path of the URL.",
  protocol_error: "The server's answer breaks the MCP specification. Ask whoever runs it to correct it.",
  http_error:
    "The server or its authorization server answered with an HTTP error or a redirect. Check the URL and the credential.",
};

/** `era`: `modern` asks in the stateless era only, as a server that was approved in it; otherwise the handshake comes first. */
export type Probe = { url: string; egress: Egress; credential?: ProbeCredential; era?: "modern" } & SnapshotBounds;

/**
 * Looks at an MCP server over Streamable HTTP once, through the guard, within `snapshotLimits`. A server that refuses the handshake as one
 * of the stateless era does is asked in that era. Expected failures are values; only bugs throw.
 */
export async function probeHttp({ url, egress, credential, era, ...given }: Probe): Promise<ProbeResult> {
  const total = AbortSignal.timeout(given.totalMs ?? snapshotLimits.totalMs);
  const bounds = { ...given, signal: given.signal ? AbortSignal.any([given.signal, total]) : total };
  const identity = (described: ServerDescription): ServerIdentity => {
    const target = readTarget(url);
    const place = { url: target?.url.href ?? url, host: target?.host ?? "", tls: egress.peer(url) };
    return { transport: "streamable-http", ...place, ...described };
  };
  try {
    const headers = credential === undefined ? {} : await credentialHeaders(credential, url, egress, bounds);
    const inModernEra = () => takeSnapshot(createModernChannel(url, egress, headers), identity, bounds, discover);
    const snapshot =
      era === "modern"
        ? await inModernEra()
        : await takeSnapshot(createHttpChannel(url, egress, headers), identity, bounds).catch((error: unknown) => {
            if (error instanceof HandshakeRefused) return inModernEra();
            throw error;
          });
    return { outcome: "ok", snapshot };
  } catch (error) {
    if (error instanceof CredentialNeeded) {
      const message =
        credential === undefined
          ? "The server asks for a credential. Add one to the connector, then look again."
          : "The server did not accept this credential. Replace it, then look again.";
      return { outcome: "needs_credential", scheme: error.scheme, message };
    }
    if (!(error instanceof ChannelError)) throw error;
    return { outcome: "failed", code: error.code, message: failureMessages[error.code] };
  }
}

async function credentialHeaders(
  credential: ProbeCredential,
  url: string,
  egress: Egress,
  { signal, requestMs = snapshotLimits.requestMs }: SnapshotBounds,
): Promise<Readonly<Record<string, string>>> {
  if ("headers" in credential) return credential.headers;
  const limit = AbortSignal.timeout(requestMs);
  const { token } = await fetchClientToken(
    credential.oauth,
    url,
    egress,
    signal ? AbortSignal.any([signal, limit]) : limit,
  );
  return { authorization: `Bearer ${token}` };
}
