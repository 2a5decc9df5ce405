import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { PublicJwk } from "#lib/contract/agents.ts";

/** An agent's key. The private part stays with the agent; the public part is registered with Ambit. */
export type PrivateJwk = PublicJwk & { d: string };
export interface AgentKeyPair {
  privateJwk: PrivateJwk;
  publicJwk: PublicJwk;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
}

export interface AgentToken {
  accessToken: string;
  /** Seconds from now. */
  expiresIn: number;
  scope: string;
}

/** A refusal of the token endpoint (RFC 6749, section 5.2); the message is its description. */
export class AgentTokenError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.name = "AgentTokenError";
    this.status = status;
    this.code = code;
  }
}

export interface AgentTokenRequest {
  tokenEndpoint: string;
  issuer: string;
  /** The agent's id. */
  clientId: string;
  privateJwk: PrivateJwk;
  /** The MCP endpoint that the token is for, `<issuer>/mcp/s/<connector>`, or `<issuer>/mcp` for all of them. */
  resource: string;
}

const timeoutMs = 10_000;
const assertionLifetime = "60s";

/** A new key for an agent: Ed25519, or P-256 for `ES256`. */
export async function generateAgentKey(algorithm: "EdDSA" | "ES256" = "EdDSA"): Promise<AgentKeyPair> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const { d, ...rest } = await exportJWK(privateKey);
  const publicJwk = PublicJwk.parse(rest);
  if (d === undefined) throw new Error("The new key has no private part");
  return { privateJwk: { ...publicJwk, d }, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}

/**
 * Gets a token for one MCP endpoint: OAuth 2.1 client credentials, authenticated with the agent's key (RFC 7523).
 * @throws AgentTokenError when the server refuses; TypeError or a DOMException when it does not answer within 10 s
 */
export async function fetchAgentToken(request: AgentTokenRequest): Promise<AgentToken> {
  const { tokenEndpoint, issuer, clientId, privateJwk, resource } = request;
  const { d: _, ...publicJwk } = privateJwk;
  const alg = privateJwk.kty === "OKP" ? "EdDSA" : "ES256";
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, typ: "JWT", kid: await calculateJwkThumbprint(publicJwk) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime(assertionLifetime)
    .setJti(crypto.randomUUID())
    .sign(await importJWK(privateJwk, alg));
  const response = await fetch(tokenEndpoint, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    }),
  });
  const answer: unknown = await response.json().catch(() => null);
  const member = (name: string): unknown => Object(answer)[name];
  const [accessToken, expiresIn, scope] = [member("access_token"), member("expires_in"), member("scope")];
  if (response.ok && typeof accessToken === "string" && typeof expiresIn === "number") {
    return { accessToken, expiresIn, scope: String(scope) };
  }
  const description = member("error_description") ?? `${tokenEndpoint} answered ${response.status} without a token.`;
  throw new AgentTokenError(response.status, String(member("error") ?? "invalid_response"), String(description));
}
