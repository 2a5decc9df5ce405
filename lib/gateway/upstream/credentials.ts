import type { KeyObject } from "node:crypto";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { CredentialRow, Target } from "#lib/gateway/store/snapshot.ts";
import { UpstreamFailure } from "#lib/gateway/upstream/upstream.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { type ClientCredentials, fetchClientToken } from "#lib/mcp/http/client-credentials.ts";
import { open } from "#lib/platform/seal.ts";

/** Credentials towards servers: opened in memory, sent only to the host that they were sealed for. */
export type Credentials = {
  /**
   * Headers for requests to a target; none where it has no credential.
   * @throws UpstreamFailure `credential` when it is for another host or cannot be used
   */
  headers(target: Target, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Forgets a token that a server refused, so that the next call gets another. */
  forget(target: Target): void;
};

type Secret =
  | { kind: "header"; name: string; value: string }
  | ({ kind: "oauth_client_credentials" } & ClientCredentials);
type Opened = { row: CredentialRow; secret: Secret; token: { text: string; until: number } | null };

/** A token is renewed this long before it expires; one without expiry lives for a minute. */
const renewMs = 30_000;
const unknownLifetimeSeconds = 60;

/** @param privateKey the X25519 key that credentials are sealed for */
export function createCredentials(privateKey: KeyObject, egress: Egress): Credentials {
  const opened = new Map<string, Opened>();

  async function headers(target: Target, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { credential, identity } = target;
    if (credential === null || identity.transport !== "streamable-http") return {};
    if (new URL(identity.url).host !== credential.host) throw new UpstreamFailure("credential");
    const one = unseal(target.connectorId, credential);
    if (one.secret.kind === "header") return { [one.secret.name.toLowerCase()]: one.secret.value };
    if (one.token === null || performance.now() > one.token.until) {
      const { token, expiresInSeconds } = await fetchClientToken(one.secret, identity.url, egress, signal).catch(
        (error: unknown) => {
          throw new UpstreamFailure("credential", { cause: error });
        },
      );
      const lifetimeMs = (expiresInSeconds ?? unknownLifetimeSeconds) * 1_000;
      one.token = { text: token, until: performance.now() + Math.max(lifetimeMs - renewMs, lifetimeMs / 2) };
    }
    return { authorization: `Bearer ${one.token.text}` };
  }

  function unseal(connectorId: string, row: CredentialRow): Opened {
    const known = opened.get(connectorId);
    if (known?.row.id === row.id) return known;
    let secret: Secret;
    try {
      secret = readSecret(open(privateKey, row.sealed));
    } catch (error) {
      throw new UpstreamFailure("credential", { cause: error });
    }
    const fresh = { row, secret, token: null };
    opened.set(connectorId, fresh);
    return fresh;
  }

  return {
    headers,
    forget(target) {
      const known = opened.get(target.connectorId);
      if (known !== undefined) known.token = null;
    },
  };
}

/** The secret of the contract's `credentials.seal`. */
function readSecret(text: string): Secret {
  const secret: unknown = JSON.parse(text);
  const fields = isJsonObject(secret) ? secret : {};
  const { kind, name, value, tokenUrl, clientId, clientSecret, scope } = fields;
  if (kind === "header" && typeof name === "string" && typeof value === "string") return { kind, name, value };
  if (
    kind === "oauth_client_credentials" &&
    typeof tokenUrl === "string" &&
    typeof clientId === "string" &&
    typeof clientSecret === "string"
  )
    return { kind, tokenUrl, clientId, clientSecret, ...(typeof scope === "string" ? { scope } : {}) };
  throw new Error("A sealed credential of an unknown form");
}
