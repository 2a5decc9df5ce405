import { hash, type KeyObject, verify } from "node:crypto";

/** What a valid token says. Times in seconds since 1970. */
export interface VerifiedToken {
  readonly ok: true;
  readonly agentId: string;
  /** Thumbprint of the agent's key that got the token: a revoked key's tokens are refused by it. */
  readonly keyThumbprint: string;
  readonly jti: string;
  readonly expiresAt: number;
  readonly scope: string;
}

export type TokenError = "malformed" | "signature" | "expired" | "not_yet_valid" | "audience" | "issuer" | "type";
export interface RefusedToken {
  readonly ok: false;
  readonly error: TokenError;
}

export interface TokenVerifierOptions {
  issuer: string;
  /** The gateway's public Ed25519 keys. */
  publicKeys: readonly { kid: string; key: KeyObject }[];
  /** Tokens whose signature is remembered. */
  cacheSize: number;
}

interface Remembered {
  verified: VerifiedToken;
  audience: string;
  issuedAt: number;
}

const tokenLengthMax = 4_096;
const issuedAheadSecondsMax = 5;

/**
 * Verifies access tokens (RFC 9068, `at+jwt`) of this instance: synchronous, no I/O. A key has one algorithm, whatever a header
 * says. Time and audience are checked at every use, the signature at the first (by SHA-256 of the token, least recently used out).
 * @returns a function of token, the endpoint it is used at (RFC 8707) and the current time in seconds
 * @throws Error when a key is not Ed25519
 */
export function createTokenVerifier({ issuer, publicKeys, cacheSize }: TokenVerifierOptions) {
  const keys = new Map(publicKeys.map(({ kid, key }) => [kid, key]));
  for (const [kid, key] of keys) {
    if (key.asymmetricKeyType !== "ed25519" || key.type !== "public")
      throw new Error(`Not a public Ed25519 key: ${kid}`);
  }
  const cache = new Map<string, Remembered>();

  return (token: string, audience: string, nowSeconds: number): VerifiedToken | RefusedToken => {
    if (token.length > tokenLengthMax) return refused.malformed;
    const digest = hash("sha256", token, "base64");
    let known = cache.get(digest);
    if (known === undefined) {
      const read = readToken(token, keys, issuer);
      if (typeof read === "string") return refused[read];
      known = read;
    } else {
      cache.delete(digest);
    }
    if (nowSeconds >= known.verified.expiresAt) return refused.expired;
    cache.set(digest, known);
    if (cache.size > cacheSize) for (const oldest of cache.keys()) if (cache.delete(oldest)) break;
    if (known.issuedAt > nowSeconds + issuedAheadSecondsMax) return refused.not_yet_valid;
    return known.audience === audience ? known.verified : refused.audience;
  };
}

const refused = {
  malformed: { ok: false, error: "malformed" },
  signature: { ok: false, error: "signature" },
  expired: { ok: false, error: "expired" },
  not_yet_valid: { ok: false, error: "not_yet_valid" },
  audience: { ok: false, error: "audience" },
  issuer: { ok: false, error: "issuer" },
  type: { ok: false, error: "type" },
} as const satisfies { [E in TokenError]: RefusedToken & { error: E } };

function readToken(token: string, keys: ReadonlyMap<string, KeyObject>, issuer: string): Remembered | TokenError {
  const [head = "", body = "", signature = "", ...rest] = token.split(".");
  const header = readObject(head);
  if (header === undefined || signature === "" || rest.length > 0) return "malformed";
  if (header.typ !== "at+jwt") return "type";
  const { kid } = header;
  const key = typeof kid === "string" ? keys.get(kid) : undefined;
  if (key === undefined || header.alg !== "EdDSA" || header.crit !== undefined) return "signature";
  const signed = Buffer.from(token.slice(0, head.length + 1 + body.length), "latin1");
  if (!verify(null, signed, key, Buffer.from(signature, "base64url"))) return "signature";

  const claims = readObject(body);
  if (claims === undefined) return "malformed";
  const { iss, aud, sub, client_id, jti, iat, exp, scope, key_thumbprint: keyThumbprint } = claims;
  if (iss !== issuer) return "issuer";
  if (typeof aud !== "string" || typeof sub !== "string" || client_id !== sub || typeof jti !== "string")
    return "malformed";
  if (typeof iat !== "number" || typeof exp !== "number") return "malformed";
  if (typeof scope !== "string" || typeof keyThumbprint !== "string") return "malformed";
  return {
    verified: Object.freeze({ ok: true, agentId: sub, keyThumbprint, jti, expiresAt: exp, scope }),
    audience: aud,
    issuedAt: iat,
  };
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
