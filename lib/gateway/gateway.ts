import type { KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type pg from "pg";
import type { TokenVerifier } from "#lib/gateway/authenticate.ts";
import { createCaller } from "#lib/gateway/call.ts";
import { createDenials } from "#lib/gateway/denials.ts";
import { createDenier } from "#lib/gateway/deny.ts";
import { createEnforcer, isPermitted } from "#lib/gateway/enforce.ts";
import { createHandler } from "#lib/gateway/handle.ts";
import { createInFlight } from "#lib/gateway/in-flight.ts";
import { createInputRounds } from "#lib/gateway/input-required.ts";
import { announceChanges, createLister } from "#lib/gateway/lists.ts";
import { createPayloads } from "#lib/gateway/payload.ts";
import { createRates } from "#lib/gateway/rates.ts";
import { createRecorder, type RecorderLimits, recorderLimits } from "#lib/gateway/recorder.ts";
import { eventRow } from "#lib/gateway/records.ts";
import { endpointOf, routeOf } from "#lib/gateway/routes.ts";
import { createSessions, type SessionLimits, sessionLimits } from "#lib/gateway/session.ts";
import { keepPolicy, type Policy } from "#lib/gateway/snapshot.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import { createSubscriptions } from "#lib/gateway/subscriptions.ts";
import { createCredentials } from "#lib/gateway/upstream/credentials.ts";
import { createLegacyHttp } from "#lib/gateway/upstream/legacy-http.ts";
import { createLiveCheck } from "#lib/gateway/upstream/live.ts";
import { createModernHttp } from "#lib/gateway/upstream/modern-http.ts";
import { createStdioLeg } from "#lib/gateway/upstream/stdio.ts";
import type { UpstreamLeg } from "#lib/gateway/upstream/upstream.ts";
import { createArgumentChecks } from "#lib/gateway/validate.ts";
import type { AllowedHost } from "#lib/mcp/egress/address.ts";
import { createEgress } from "#lib/mcp/egress/guard.ts";
import { modernVersion } from "#lib/mcp/http/envelope.ts";
import type { AuthorizationServer, TokenEvent } from "#lib/oauth/authorization-server.ts";

export type GatewayOptions = {
  host: string;
  port: number;
  /** Where agents reach the gateway and people the console; no trailing slash. */
  gatewayUrl: string;
  webUrl: string;
  /** Connections of role `ambit_gateway` for reads and calls, and one more pool for refused traffic. */
  pool: pg.Pool;
  denialPool: pg.Pool;
  /** The same connection as text, for LISTEN. */
  databaseUrl: string;
  verify: TokenVerifier;
  /** Builds the authorization server; its events go through `record`, which rejects when they are not durable. */
  authorization: ((record: (event: TokenEvent) => Promise<void>) => AuthorizationServer) | null;
  /** 32 bytes for the side store; the X25519 key of sealed credentials. */
  payloadKey: Uint8Array;
  sealKey: KeyObject;
  /** Holds installed packages and the folders of stdio servers. */
  dataDir: string;
  onError: (error: unknown, what: string) => void;
  clock?: () => number;
  recorderLimits?: Partial<RecorderLimits>;
  sessionLimits?: SessionLimits;
};

/** A running gateway. */
export type Gateway = {
  port: number;
  /** Stops accepting, lets calls under way finish (at most `drainMs`), writes what is left to write, closes upstreams. */
  close(drainMs?: number): Promise<void>;
};

/** How long a stop waits for calls, milliseconds. */
export const drainMsMax = 10_000;
const headerBytesMax = 16 * 1024;

/** Puts the gateway together and listens. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { pool, gatewayUrl, webUrl, onError } = options;
  const failed = (what: string) => (error: unknown) => onError(error, what);
  const keeper = keepPolicy({
    pool,
    url: options.databaseUrl,
    ...(options.clock ? { clock: options.clock } : {}),
    onError: failed("policy"),
  });
  const recorder = createRecorder(pool, { ...recorderLimits, ...options.recorderLimits });
  // nobody waits for these; with the database gone they wait for it
  const lane = createRecorder(options.denialPool, {
    ...recorderLimits,
    connections: 1,
    lazyMsMax: Number.POSITIVE_INFINITY,
  });
  const denials = createDenials(lane, keeper.now);
  const sessions = createSessions(options.sessionLimits ?? sessionLimits);
  const subscriptions = createSubscriptions();
  const checks = createArgumentChecks();
  const egress = createEgress({ allowList });
  const credentials = createCredentials(options.sealKey, egress);
  const http = createLegacyHttp(egress, credentials, (connectorId) => live.expire(connectorId));
  const modernHttp = createModernHttp(egress, credentials, checks.headersOf, (connectorId) => live.expire(connectorId));
  const stdio = createStdioLeg({
    dataDir: options.dataDir,
    isDemo: () => keeper.current()?.isDemo ?? false,
    onListChanged: (connectorId) => live.expire(connectorId),
  });
  const live = createLiveCheck({
    pool,
    keeper,
    inspect: (target) => legOf(target).inspect(target),
    onError: failed("live check"),
  });
  const inFlight = createInFlight();
  const deny = createDenier(denials, keeper, webUrl);
  const callTool = createCaller({
    keeper,
    recorder,
    live,
    inFlight,
    deny,
    legOf,
    enforcer: createEnforcer(keeper, checks, createRates()),
    payloads: createPayloads(options.payloadKey),
    rounds: createInputRounds(options.payloadKey),
  });
  const authorization = options.authorization?.(recordToken) ?? null;
  let stopping = false;
  const handle = createHandler({
    keeper,
    sessions,
    denials,
    deny,
    callTool,
    list: createLister(keeper, deny),
    subscriptions,
    headersOf: checks.headersOf,
    gatewayUrl,
    webUrl,
    verify: options.verify,
    isStopping: () => stopping,
  });
  keeper.onSwap((policy) => {
    stopRefused(policy);
    announceChanges(sessions.listening(), policy, keeper.now());
    subscriptions.announce(policy, keeper.now());
  });

  async function recordToken({ type, agentId, data }: TokenEvent): Promise<void> {
    if (type === "agent-token.refused") {
      const nothing = { connectorId: null, toolId: null, tool: null, grantId: null };
      denials.record({ type, agentId, reason: data.reason, data, ...nothing }, keeper.now());
      return;
    }
    const written = await recorder.outcome(
      eventRow(type, { kind: "agent", id: agentId }, [agentId], data, keeper.now()),
    );
    if (written !== "written") throw new Error("The token's event was not recorded.");
  }

  /** Entries end at their expiry, whenever the policy was read. */
  function allowList(): readonly AllowedHost[] {
    const now = keeper.now();
    return keeper.current()?.allowList.filter((entry) => entry.expiresAt > now) ?? [];
  }

  /** What was stopped stops at once: calls that would be denied now, sessions and processes of connectors that are no longer served. */
  function stopRefused({ snapshot }: Policy): void {
    const enabled = [...snapshot.connectors.values()].filter((connector) => connector.refusal === null);
    for (const connector of enabled) checks.prepare(connector.tools.tool.values());
    const versionIds = new Set(enabled.map((connector) => connector.versionId));
    http.keep(versionIds);
    modernHttp.keep(versionIds);
    stdio.keep(versionIds);
    inFlight.abort((call, use) => !isPermitted(snapshot, call, use, keeper.now()));
  }

  function legOf({ identity }: Target): UpstreamLeg {
    if (identity.transport !== "streamable-http") return stdio;
    return identity.protocolVersion === modernVersion ? modernHttp : http;
  }

  const server = createServer(
    { maxHeaderSize: headerBytesMax, requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      serve(request, response).catch((error: unknown) => {
        onError(error, "request");
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  server.maxHeadersCount = 100;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuseOrigin(request);
    if (refusal !== null) return say(response, 403, { error: refusal });
    const { method = "", url = "" } = request;
    const end = url.indexOf("?");
    const route = routeOf(method, end === -1 ? url : url.slice(0, end));
    switch (route.kind) {
      case "mcp":
        return handle(route.slug, request, response);
      case "health": {
        const isOk = keeper.isDatabaseAnswering();
        const policyEpoch = keeper.current()?.snapshot.epoch ?? null;
        return say(response, isOk ? 200 : 503, { status: isOk ? "ok" : "unavailable", database: isOk, policyEpoch });
      }
      case "resource-metadata":
        return say(response, 200, resourceMetadata(gatewayUrl, route.slug));
      case "authorization-server":
        if ((await authorization?.handle(request, response)) !== true) say(response, 404, { error: "not_found" });
        return;
      case "method-not-allowed":
        response.setHeader("allow", route.allow);
        return say(response, 405, { error: "method_not_allowed" });
      case "not-found":
        return say(response, 404, { error: "not_found" });
    }
  }

  /** DNS rebinding: only our own names as Host; a browser's Origin only from our own pages. */
  function refuseOrigin({ headers, socket }: IncomingMessage): "host_not_allowed" | "origin_not_allowed" | null {
    const { host, origin } = headers;
    const port = socket.localPort ?? options.port;
    const isOwn =
      host !== undefined &&
      (host === ownHost || host === `localhost:${port}` || host === `127.0.0.1:${port}` || host === `[::1]:${port}`);
    if (!isOwn) return "host_not_allowed";
    return origin === undefined || origin === ownOrigin || origin === webOrigin ? null : "origin_not_allowed";
  }
  const { host: ownHost, origin: ownOrigin } = new URL(gatewayUrl);
  const webOrigin = new URL(webUrl).origin;

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();

  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    async close(drainMs = drainMsMax) {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions.listening()) session.stream?.response.end();
      subscriptions.close();
      const until = performance.now() + drainMs;
      while (inFlight.size() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight.abort(() => true);
      await recorder.flush(3_000);
      await denials.flush(1_000);
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
      sessions.close();
      inFlight.close();
      live.close();
      await Promise.all([http.close(), modernHttp.close(), stdio.close()]);
      await keeper.close();
      await egress.close();
    },
  };
}

/** RFC 9728, the same for every name, so that it tells nothing about which exist. */
function resourceMetadata(gatewayUrl: string, slug: string | null) {
  return {
    resource: endpointOf(gatewayUrl, slug),
    authorization_servers: [gatewayUrl],
    scopes_supported: ["mcp"],
    bearer_methods_supported: ["header"],
  };
}

function say(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
