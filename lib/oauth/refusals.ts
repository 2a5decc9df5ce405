import { errors } from "oidc-provider";
import type { Endpoints } from "#lib/oauth/endpoints.ts";

/** What a refused client is told (RFC 6749, section 5.2) and, in `reason`, what the audit log keeps. */
export interface Refusal {
  status: number;
  error: string;
  description: string;
  reason: string;
  retryAfterSeconds?: number;
}

/** A client that asks too often. */
export class TooManyRequests extends errors.OIDCProviderError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(429, "temporarily_unavailable");
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The answer to what went wrong. Why a client was not authenticated is never told, for it would tell which agents and keys exist;
 * whatever is not the client's fault is one answer too.
 */
export function refusalOf(error: Error, { issuer, token, metadata }: Endpoints): Refusal {
  if (error instanceof TooManyRequests) {
    return {
      status: 429,
      error: "temporarily_unavailable",
      description: `Too many token requests. Wait ${error.retryAfterSeconds} s, and use a token until it expires: it serves all calls to its connector.`,
      reason: "rate_limited",
      retryAfterSeconds: error.retryAfterSeconds,
    };
  }
  const code = error instanceof errors.OIDCProviderError ? error.error : "server_error";
  const detail = error instanceof errors.OIDCProviderError ? (error.error_detail ?? "") : "";
  switch (code) {
    case "invalid_client":
      return {
        status: 401,
        error: code,
        description: `Client authentication failed. Send in client_assertion a JWT signed (EdDSA or ES256) with a registered, unrevoked key of an active agent: iss and sub its id, aud "${issuer}" or "${token}" alone, exp at most 5 minutes ahead, and a jti never used before.`,
        reason: reasonOf(detail),
      };
    case "invalid_target":
      return {
        status: 400,
        error: code,
        description: `Send exactly one resource: the MCP endpoint that the token is for, ${issuer}/mcp/s/{connector} or ${issuer}/mcp, without query or fragment.`,
        reason: code,
      };
    case "unsupported_grant_type":
      return {
        status: 400,
        error: code,
        description: "Use grant_type=client_credentials; no other grant is served here.",
        reason: code,
      };
    case "invalid_request":
    case "invalid_scope":
      return {
        status: 400,
        error: code,
        description: `The request was not understood. POST a form with, each once, grant_type=client_credentials, resource, client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer and client_assertion; no other client authentication is accepted. See ${metadata}.`,
        reason: code,
      };
    default:
      return unavailable;
  }
}

/** No token can be issued now, through no fault of the client. */
export const unavailable: Refusal = {
  status: 503,
  error: "temporarily_unavailable",
  description: "No token can be issued at the moment. Try again in a few seconds.",
  reason: "unavailable",
  retryAfterSeconds: 2,
};

/** Details are oidc-provider's own texts; an unknown one is still recorded as refused. */
const reasons: readonly (readonly [text: string, reason: string])[] = [
  ["client not found", "client_unknown"],
  ["alg mismatch", "assertion_algorithm"],
  ["aud", "assertion_audience"],
  ["only be used once", "assertion_replayed"],
  ["expired", "assertion_expired"],
  ["lifetime", "assertion_lifetime"],
  ["signature verification failed", "assertion_signature"],
  ["no applicable key", "assertion_signature"],
];

function reasonOf(detail: string): string {
  return reasons.find(([text]) => detail.includes(text))?.[1] ?? "assertion_invalid";
}
