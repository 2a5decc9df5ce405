import type { KeyObject } from "node:crypto";
import { compactVerify, type JWK } from "jose";
import Provider, { type Client, errors, type KoaContextWithOIDC } from "oidc-provider";
import type pg from "pg";
import {
  assertionAlgorithms,
  assertionLifetimeSecondsMax,
  isMcpEndpoint,
  jwksPath,
  tokenLifetimeSeconds,
  tokenPath,
  tokenScope,
} from "#lib/oauth/endpoints.ts";
import { TooManyRequests } from "#lib/oauth/refusals.ts";
import { createStore } from "#lib/oauth/store.ts";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { createTokenBuckets } from "#lib/oauth/token-bucket.ts";

/** The client that proved to hold an agent's key. */
export interface Authenticated {
  agentId: string;
  keyThumbprint: string;
}

const clockToleranceSeconds = 15;
const perAgent = { burst: 60, perSecond: 1 };

/**
 * oidc-provider reduced to client credentials with `private_key_jwt` and one resource (OAuth 2.1, RFC 7523, RFC 8707, RFC 9068).
 * @returns the provider, and who was authenticated in a request, if anybody
 */
export function createProvider(pool: pg.Pool, issuer: string, signingKey: KeyObject) {
  const authenticated = new WeakMap<object, Authenticated>();
  const takeToken = createTokenBuckets(perAgent);

  const provider = new Provider(issuer, {
    adapter: createStore(pool),
    jwks: {
      keys: [{ ...signingKey.export({ format: "jwk" }), kid: tokenKeyId(signingKey), alg: "EdDSA", use: "sig" }],
    },
    clientAuthMethods: ["private_key_jwt"],
    enabledJWA: { clientAuthSigningAlgValues: assertionAlgorithms },
    clientDefaults: {
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: "private_key_jwt",
      id_token_signed_response_alg: "EdDSA",
      scope: tokenScope,
    },
    responseTypes: [],
    scopes: [tokenScope],
    claims: {},
    clockTolerance: clockToleranceSeconds,
    ttl: { ClientCredentials: tokenLifetimeSeconds },
    routes: { token: tokenPath, jwks: jwksPath },
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => {
          throw new errors.InvalidTarget();
        },
        getResourceServerInfo(ctx, resource) {
          const { params } = ctx.oidc;
          // Whether such a connector exists, or is granted, is for the gateway to say, the same for both, at each call.
          if (params === undefined || Array.isArray(params.resource) || !isMcpEndpoint(issuer, resource)) {
            throw new errors.InvalidTarget();
          }
          // whatever was asked for; the answer names what was given (RFC 6749, section 3.3)
          params.scope = tokenScope;
          return {
            scope: tokenScope,
            audience: resource,
            accessTokenTTL: tokenLifetimeSeconds,
            accessTokenFormat: "jwt",
            jwt: { sign: { alg: "EdDSA" } },
          };
        },
      },
    },
    async assertJwtClientAuthClaimsAndHeader(ctx, claims, header, client) {
      assertSingleAudience(claims.aud);
      const { exp } = claims;
      const latest = Math.floor(Date.now() / 1_000) + assertionLifetimeSecondsMax + clockToleranceSeconds;
      if (typeof exp !== "number" || exp > latest) throw new errors.InvalidClientAuth("lifetime is too long");
      const keyThumbprint = await signedBy(ctx, client, header.kid);
      authenticated.set(ctx, { agentId: client.clientId, keyThumbprint });
      const waitSeconds = takeToken(client.clientId, performance.now());
      if (waitSeconds > 0) throw new TooManyRequests(waitSeconds);
    },
    extraTokenClaims(ctx) {
      const who = authenticated.get(ctx);
      if (who === undefined) throw new Error("No key authenticated this request");
      return { key_thumbprint: who.keyThumbprint };
    },
  });
  // Behind a proxy that ends TLS the endpoint's own URL comes from these headers, which the server sets itself.
  provider.proxy = true;
  return { provider, authenticatedIn: (ctx: object) => authenticated.get(ctx) };
}

/** An assertion that names another server too could be used here by that server. */
function assertSingleAudience(audience: unknown): void {
  if (Array.isArray(audience) && audience.length !== 1)
    throw new errors.InvalidClientAuth("aud must be this server alone");
}

/** Thumbprint of the key whose signature it was; clients need not send a `kid`, and oidc-provider does not tell. */
async function signedBy(ctx: KoaContextWithOIDC, client: Client, kid: unknown): Promise<string> {
  const assertion = String(ctx.oidc.params?.client_assertion);
  for (const jwk of client.jwks?.keys ?? []) {
    if (jwk.kid === undefined || (kid !== undefined && kid !== jwk.kid)) continue;
    const verified = compactVerify(assertion, jwk as JWK, { algorithms: [jwk.alg ?? ""] });
    if (await verified.then(Boolean, () => false)) return jwk.kid;
  }
  throw new errors.InvalidClientAuth("signature verification failed");
}
