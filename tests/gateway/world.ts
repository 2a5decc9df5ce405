import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { JsonObject } from "#lib/core/canonical.ts";
import { createPool } from "#lib/db/pool.ts";
import type { TokenVerifier } from "#lib/gateway/authenticate.ts";
import { type Gateway, type GatewayOptions, startGateway } from "#lib/gateway/gateway.ts";
import { freePort } from "#lib/instance/ports.ts";
import {
  type FixtureOptions,
  type FixtureServer,
  startFixtureServer,
} from "#tests/fixtures/mcp-servers/fixture-server.ts";
import { honestTools } from "#tests/fixtures/mcp-servers/fixture-tools.ts";
import { createTestDatabase } from "#tests/support/db.ts";
import { type ConnectorSeed, type Estate, openEstate, type SeededConnector } from "#tests/support/estate.ts";

/** Tokens of a test: EdDSA over JSON claims, made and checked with one key pair. */
export function testTokens() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const issue = (agentId: string, audience: string, more: JsonObject = {}) => {
    const claims = {
      agentId,
      audience,
      key: agentId.replace("agt_", "thumb_"),
      jti: randomBytes(8).toString("hex"),
      exp: Math.floor(Date.now() / 1_000) + 600,
      ...more,
    };
    const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return `${body}.${sign(null, Buffer.from(body), privateKey).toString("base64url")}`;
  };
  const check: TokenVerifier = (token, audience, nowSeconds) => {
    const [body = "", signature = ""] = token.split(".");
    if (!verify(null, Buffer.from(body), publicKey, Buffer.from(signature, "base64url")))
      return { ok: false, error: "signature" };
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, string & number>;
    if (claims.audience !== audience) return { ok: false, error: "audience" };
    if ((claims.exp ?? 0) <= nowSeconds) return { ok: false, error: "expired" };
    const { agentId = "", key = "", jti = "", exp = 0 } = claims;
    return { ok: true, agentId, keyThumbprint: key, jti, expiresAt: exp, scope: "mcp" };
  };
  return { issue, check };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A database, a gateway and what is needed to put servers behind it and agents in front. */
export async function openWorld(
  more: Partial<GatewayOptions> = {},
  database?: { ownerUrl: string; gatewayUrl: string; drop(): Promise<unknown> },
) {
  const db = database ?? (await createTestDatabase());
  const estate: Estate = await openEstate(db.ownerUrl);
  const tokens = testTokens();
  const payloadKey = randomBytes(32);
  const seal = generateKeyPairSync("x25519");
  const dataDir = await mkdtemp(join(tmpdir(), "ambit-gateway-"));
  const port = await freePort();
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const pool = createPool(db.gatewayUrl, { max: 6, applicationName: "test-gateway" });
  const denialPool = createPool(db.gatewayUrl, { max: 1, applicationName: "test-gateway-denials" });
  const errors: unknown[] = [];
  const servers: FixtureServer[] = [];
  const gateway: Gateway = await startGateway({
    host: "127.0.0.1",
    port,
    gatewayUrl,
    webUrl: "http://127.0.0.1:3000",
    pool,
    denialPool,
    databaseUrl: db.gatewayUrl,
    verify: tokens.check,
    authorization: null,
    payloadKey,
    sealKey: seal.privateKey,
    dataDir,
    onError: (error) => void errors.push(error),
    ...more,
  });

  async function agent(status = "active"): Promise<string> {
    const id = await estate.agent(`tmp_${randomBytes(6).toString("hex")}`, status);
    await estate.change("update agent_key set thumbprint = $2 where agent_id = $1", [id, id.replace("agt_", "thumb_")]);
    return id;
  }

  async function upstream(options: FixtureOptions = {}, seed: Partial<ConnectorSeed> = {}) {
    const server = await startFixtureServer(options);
    servers.push(server);
    await estate.allow(server.port);
    const connector = await estate.connector({ url: server.url, tools: options.tools ?? honestTools, ...seed });
    return { server, connector };
  }

  function endpoint(slug: string): string {
    return `${gatewayUrl}/mcp/s/${slug}`;
  }

  function token(agentId: string, slug: string, claims: JsonObject = {}): string {
    return tokens.issue(agentId, endpoint(slug), claims);
  }

  async function connect(agentId: string, connector: Pick<SeededConnector, "slug">): Promise<Client> {
    const client = new Client({ name: "test", version: "1" });
    const headers = { authorization: `Bearer ${token(agentId, connector.slug)}` };
    // the transport's types predate exactOptionalPropertyTypes
    const transport = new StreamableHTTPClientTransport(new URL(endpoint(connector.slug)), {
      requestInit: { headers },
    });
    await client.connect(transport as unknown as Parameters<Client["connect"]>[0]);
    return client;
  }

  /** One raw request to a connector's endpoint. */
  async function raw(
    agentId: string,
    slug: string,
    body: string | JsonObject,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: string }> {
    const response = await fetch(endpoint(slug), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token(agentId, slug)}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /** An agent's session without a client in between. */
  async function session(agentId: string, slug: string): Promise<Record<string, string>> {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    const answer = await raw(agentId, slug, { jsonrpc: "2.0", id: 0, method: "initialize", params });
    return { "mcp-session-id": answer.headers.get("mcp-session-id") ?? "" };
  }

  /** Until something holds, at most 3 s. */
  async function eventually(what: () => Promise<boolean> | boolean, ms = 3_000): Promise<boolean> {
    const until = performance.now() + ms;
    while (performance.now() < until) {
      if (await what()) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  }

  const events = (type: string) =>
    estate.query(
      "select *, convert_from(leaf, 'UTF8')::jsonb as parsed from audit_event where type = $1 order by seq",
      [type],
    );

  return {
    db,
    estate,
    gateway,
    gatewayUrl,
    tokens,
    payloadKey,
    seal,
    errors,
    agent,
    upstream,
    endpoint,
    token,
    connect,
    raw,
    session,
    eventually,
    events,
    /** Until the gateway decides by what the database says now. */
    async ready() {
      const isCurrent = await eventually(async () => {
        const [row] = await estate.query("select epoch::int as epoch from policy_epoch");
        const health = (await (await fetch(`${gatewayUrl}/health`)).json()) as { policyEpoch: number | null };
        return health.policyEpoch === row?.epoch;
      });
      if (!isCurrent) throw new Error("The gateway does not follow the policy.");
    },
    async close() {
      await gateway.close(1_000);
      await Promise.all(servers.map((server) => server.close()));
      await estate.close();
      await Promise.all([pool.end(), denialPool.end()]);
      await db.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The JSON-RPC error that a call must end with. */
export async function refusal(work: Promise<unknown>): Promise<{ code: number; data: Record<string, unknown> }> {
  return work.then(
    () => Promise.reject(new Error("It was permitted.")),
    (error: { code: number; data: Record<string, unknown> }) => error,
  );
}
