import type { IncomingMessage } from "node:http";
import type { Caller } from "#lib/gateway/call.ts";

/**
 * Checks an access token: signature, issuer, expiry and audience (RFC 8707). Synchronous, with what was verified before in a cache.
 * @param nowSeconds by the database's clock
 */
export type TokenVerifier = (
  token: string,
  audience: string,
  nowSeconds: number,
) =>
  | { ok: true; agentId: string; keyThumbprint: string; jti: string; expiresAt: number; scope: string }
  | { ok: false; error: string };

export type Authentication =
  | { ok: true; caller: Caller }
  | { ok: false; error: "missing_token" | "invalid_token"; detail: string };

const bearer = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i;

/** Who calls: from the Authorization header only (RFC 6750, section 2.1), on every request; a session proves nothing. */
export function authenticate(
  request: IncomingMessage,
  audience: string,
  nowMs: number,
  verify: TokenVerifier,
): Authentication {
  const header = request.headers.authorization;
  if (header === undefined) return { ok: false, error: "missing_token", detail: "missing" };
  const token = bearer.exec(header)?.[1];
  if (token === undefined) return { ok: false, error: "invalid_token", detail: "malformed" };
  const verified = verify(token, audience, Math.floor(nowMs / 1_000));
  if (!verified.ok) return { ok: false, error: "invalid_token", detail: verified.error };
  const { agentId, keyThumbprint, jti, expiresAt } = verified;
  return { ok: true, caller: { agentId, keyId: keyThumbprint, tokenId: jti, expiresAt } };
}

/** The challenge of RFC 9728, section 5.1, and RFC 6750, section 3. */
export function challenge(metadataUrl: string, error: "invalid_token" | null): string {
  const parts = [`resource_metadata="${metadataUrl}"`, 'scope="mcp"'];
  if (error !== null) parts.unshift(`error="${error}"`);
  return `Bearer ${parts.join(", ")}`;
}
