import type { KeyObject } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeJwt } from "jose";
import type { KoaContextWithOIDC } from "oidc-provider";
import type pg from "pg";
import type { JsonObject } from "#lib/core/canonical.ts";
import {
  endpointsOf,
  jwksPath,
  metadataOf,
  metadataPath,
  openidMetadataPath,
  tokenPath,
  tokenScope,
} from "#lib/oauth/endpoints.ts";
import { type Authenticated, createProvider } from "#lib/oauth/provider.ts";
import { type Refusal, refusalOf, TooManyRequests, unavailable } from "#lib/oauth/refusals.ts";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { createTokenBuckets } from "#lib/oauth/token-bucket.ts";
import { logger } from "#lib/platform/logger.ts";

/**
 * What happened at the token endpoint. `agentId` is null where no key of an agent was proved.
 * Data of an issued token: `jti`, `resource`, `keyThumbprint`, `expiresAt` (s), `scope`; of a refused one: `reason`, `error`,
 * `claimedAgentId` (null where none is readable).
 */
export type TokenEvent =
  | { type: "agent-token.issued"; agentId: string; data: JsonObject }
  | { type: "agent-token.refused"; agentId: string | null; data: JsonObject & { readonly reason: string } };

export interface AuthorizationServerOptions {
  /** Connections of role `ambit_gateway`. */
  pool: pg.Pool;
  /** AMBIT_GATEWAY_URL; an origin. */
  issuer: string;
  /** The gateway's private Ed25519 key. */
  signingKey: KeyObject;
  /** Appends to the audit log. A token is handed out only after its event was recorded; a rejection refuses it (503). */
  record(event: TokenEvent): Promise<void>;
}

export interface AuthorizationServer {
  /** Answers a request for `/oauth/…` or the server's metadata. @returns false, untouched, for any other path */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
}

type IssuedEvent = Extract<TokenEvent, { type: "agent-token.issued" }>;
/** `claimed`: who the client said it is. */
type Failure = { error: Error; claimed: string | null };

const perAddress = { burst: 100, perSecond: 20 };

/**
 * The agents' authorization server: tokens for one MCP endpoint each, 10 minutes, for whoever proves a registered key of an active
 * agent (client credentials, `private_key_jwt`). It says nothing about connectors and grants: any well-formed endpoint of this
 * instance is a valid `resource`, and the gateway decides at each call.
 */
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { pool, issuer, signingKey, record } = options;
  const endpoints = endpointsOf(issuer);
  const { provider, authenticatedIn } = createProvider(pool, issuer, signingKey);
  const outcomes = new WeakMap<object, IssuedEvent | Failure>();
  provider.on("grant.success", (ctx) => outcomes.set(ctx, issuedEvent(ctx.body, authenticatedIn(ctx))));
  const failed = (ctx: KoaContextWithOIDC, error: Error) => outcomes.set(ctx, { error, claimed: claimedAgentId(ctx) });
  provider.on("grant.error", failed);
  provider.on("server_error", failed);
  const emitter: EventEmitter = provider;
  emitter.on("error", (error) => logger().error({ err: error }, "authorization server failed"));

  // runs around the whole token endpoint: Koa sends nothing before it has returned
  provider.use(async (ctx, next) => {
    await next();
    const outcome = outcomes.get(ctx) ?? { error: new Error(`Unexpected status ${ctx.status}`), claimed: null };
    const refusal = "type" in outcome ? await recordIssued(outcome) : refusalOf(outcome.error, endpoints);
    if (refusal === undefined) return;
    if ("error" in outcome) await recordRefused(refusal, authenticatedIn(ctx)?.agentId ?? null, outcome);
    ctx.status = refusal.status;
    ctx.body = answerOf(refusal);
    if (refusal.retryAfterSeconds !== undefined) ctx.set("Retry-After", String(refusal.retryAfterSeconds));
  });
  const answerTokenRequest = provider.callback();
  const takeToken = createTokenBuckets(perAddress);

  const { kty, crv, x } = signingKey.export({ format: "jwk" });
  const metadata = metadataOf(endpoints);
  const documents = new Map<string, object>([
    [jwksPath, { keys: [{ kty, crv, x, kid: tokenKeyId(signingKey), alg: "EdDSA", use: "sig" }] }],
    [metadataPath, metadata],
    [openidMetadataPath, metadata],
  ]);

  /** @returns the refusal when it could not be recorded */
  async function recordIssued(event: IssuedEvent): Promise<Refusal | undefined> {
    try {
      await record(event);
      return undefined;
    } catch (error) {
      logger().error({ err: error, agentId: event.agentId }, "an issued token could not be recorded");
      return unavailable;
    }
  }

  /** A refusal is answered whether or not it could be recorded. */
  async function recordRefused({ reason, error: code }: Refusal, agentId: string | null, { error, claimed }: Failure) {
    if (reason === unavailable.reason) logger().error({ err: error, agentId }, "no token could be issued");
    try {
      await record({ type: "agent-token.refused", agentId, data: { reason, error: code, claimedAgentId: claimed } });
    } catch (failure) {
      logger().error({ err: failure, agentId }, "a refused token could not be recorded");
    }
  }

  async function answerToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const waitSeconds = takeToken(req.socket.remoteAddress ?? "", performance.now());
    if (waitSeconds > 0) {
      const error = new TooManyRequests(waitSeconds);
      const refusal = refusalOf(error, endpoints);
      await recordRefused(refusal, null, { error, claimed: null });
      send(res, refusal.status, answerOf(refusal), {
        "cache-control": "no-store",
        "retry-after": waitSeconds,
      });
      return;
    }
    // An assertion made for another server must not pass because the request names that server as its host.
    const { host, protocol } = new URL(issuer);
    req.headers["x-forwarded-host"] = host;
    req.headers["x-forwarded-proto"] = protocol.slice(0, -1);
    req.url = tokenPath;
    await answerTokenRequest(req, res);
  }

  return {
    async handle(req, res) {
      const path = req.url?.split("?", 1)[0] ?? "";
      const document = documents.get(path);
      const isRead = req.method === "GET" || req.method === "HEAD";
      if (document !== undefined) {
        if (isRead) send(res, 200, document, { "cache-control": "public, max-age=60" });
        else send(res, 405, notServed(`Use GET ${path}.`), { allow: "GET, HEAD" });
      } else if (path === tokenPath) {
        if (req.method === "POST") await answerToken(req, res);
        else send(res, 405, notServed(`Use POST ${path}.`), { allow: "POST" });
      } else if (path === "/oauth" || path.startsWith("/oauth/")) {
        send(res, 404, notServed(`Nothing here. Agents get tokens at ${endpoints.token}; see ${endpoints.metadata}.`));
      } else {
        return false;
      }
      return true;
    },
  };
}

/** Read from the very token that is about to be answered. */
function issuedEvent(body: unknown, who: Authenticated | undefined): IssuedEvent | Failure {
  const { jti, aud, exp } = decodeJwt(String(Object(body).access_token));
  if (who === undefined || jti === undefined || exp === undefined || typeof aud !== "string") {
    return { error: new Error("A token without owner, id, expiry or audience"), claimed: null };
  }
  const data = { jti, resource: aud, keyThumbprint: who.keyThumbprint, expiresAt: exp, scope: tokenScope };
  return { type: "agent-token.issued", agentId: who.agentId, data };
}

/** Who the client says it is, for the log only. */
function claimedAgentId(ctx: KoaContextWithOIDC): string | null {
  try {
    const { sub } = decodeJwt(String(ctx.oidc.params?.client_assertion));
    return sub !== undefined && /^[\w-]{1,64}$/.test(sub) ? sub : null;
  } catch {
    return null;
  }
}

function answerOf({ error, description }: Refusal) {
  return { error, error_description: description };
}

function notServed(description: string) {
  return { error: "invalid_request", error_description: description };
}

function send(res: ServerResponse, status: number, body: object, headers: Record<string, string | number> = {}): void {
  res.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  res.end(JSON.stringify(body));
}
