import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { importJWK, SignJWT } from "jose";
import pg from "pg";
import { type AgentKeyPair, generateAgentKey } from "#lib/client/agent-token.ts";
import { createPool } from "#lib/db/pool.ts";
import { createAuthorizationServer, type TokenEvent } from "#lib/oauth/authorization-server.ts";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { createTokenVerifier } from "#lib/oauth/token-verifier.ts";
import { newId } from "#lib/platform/id.ts";
import { createTestDatabase } from "#tests/support/db.ts";

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export const seconds = () => Math.floor(Date.now() / 1_000);

export interface TestAgent extends AgentKeyPair {
  id: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/** An authorization server on a port of its own, over a database of its own, and its events. */
export async function startAuthorizationServer() {
  const database = await createTestDatabase();
  const pool = createPool(database.gatewayUrl, { max: 4, applicationName: "test-oauth" });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  // Agents and keys come into being by audited, two-person changes, which other tests cover; here they are given.
  await owner.query("alter table agent disable trigger user; alter table agent_key disable trigger user");

  const events: TokenEvent[] = [];
  let failure: Error | undefined;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  let elsewhere: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  let handle = (_req: IncomingMessage, _res: ServerResponse): Promise<boolean> => Promise.resolve(false);
  const server = createServer(async (req, res) => {
    if (await handle(req, res)) return;
    if (elsewhere) elsewhere(req, res);
    else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const record = async (event: TokenEvent) => {
    if (failure) throw failure;
    events.push(event);
  };
  ({ handle } = createAuthorizationServer({ pool, issuer, signingKey: privateKey, record }));

  const publicKeys = [{ kid: tokenKeyId(privateKey), key: publicKey }];
  const estate = {
    issuer,
    pool,
    events,
    owner,
    signingKey: privateKey,
    publicKeys,
    resource: `${issuer}/mcp/s/everything`,
    verifyToken: createTokenVerifier({ issuer, publicKeys, cacheSize: 100 }),
    failRecording(error: Error | undefined) {
      failure = error;
    },
    /** What answers requests that are not the authorization server's. */
    serveElsewhere(listener: (req: IncomingMessage, res: ServerResponse) => void) {
      elsewhere = listener;
    },
    async addAgent(algorithm: "EdDSA" | "ES256" = "EdDSA"): Promise<TestAgent> {
      const id = newId("agt");
      await owner.query(
        `insert into agent (id, slug, name, purpose, environment, labels, created_by) values ($1, $2, 'Agent', 'Test', 'test', '{}', 'usr_1')`,
        [id, id.replace("_", "-")],
      );
      return { id, ...(await estate.addKey(id, algorithm)) };
    },
    async addKey(agentId: string, algorithm: "EdDSA" | "ES256" = "EdDSA"): Promise<AgentKeyPair> {
      const pair = await generateAgentKey(algorithm);
      await owner.query(
        `insert into agent_key (id, agent_id, thumbprint, public_jwk, algorithm, source, added_by) values ($1, $2, $3, $4, $5, 'demo', 'usr_1')`,
        [newId("key"), agentId, pair.thumbprint, pair.publicJwk, algorithm],
      );
      return pair;
    },
    /** A well-formed request, with members of assertion, header and form replaced; undefined removes one. */
    async requestToken(agent: TestAgent, change: Change = {}): Promise<Answer> {
      return estate.post(await tokenForm(issuer, agent, change));
    },
    async post(form: [string, string][], headers: Record<string, string> = {}): Promise<Answer> {
      const body = new URLSearchParams(form);
      const response = await fetch(`${issuer}/oauth/token`, { method: "POST", body, headers });
      const answer = (await response.json()) as Record<string, unknown>;
      return { status: response.status, body: answer, headers: response.headers };
    },
    async stop() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await owner.end();
      await pool.end();
      await database.drop();
    },
  };
  return estate;
}

export interface Change {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  form?: Record<string, string | string[] | undefined>;
}

/** The form that an agent's client sends. */
export async function tokenForm(issuer: string, agent: TestAgent, change: Change = {}): Promise<[string, string][]> {
  const form = {
    grant_type: "client_credentials",
    resource: `${issuer}/mcp/s/everything`,
    client_assertion_type: assertionType,
    client_assertion: await signAssertion(issuer, agent, change),
    ...change.form,
  };
  return Object.entries(form).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
}

export async function signAssertion(
  issuer: string,
  agent: TestAgent,
  { claims, header }: Change = {},
): Promise<string> {
  const alg = agent.privateJwk.kty === "OKP" ? "EdDSA" : "ES256";
  return new SignJWT({
    iss: agent.id,
    sub: agent.id,
    aud: issuer,
    jti: crypto.randomUUID(),
    iat: seconds(),
    exp: seconds() + 60,
    ...claims,
  })
    .setProtectedHeader({ alg, kid: agent.thumbprint, ...header })
    .sign(await importJWK(agent.privateJwk, alg));
}

/** A token as the gateway's own key signs it, with members of claims and header replaced. */
export async function signToken(
  key: KeyObject,
  issuer: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = seconds();
  return new SignJWT({
    iss: issuer,
    aud: `${issuer}/mcp/s/everything`,
    sub: "agt_1",
    client_id: "agt_1",
    jti: crypto.randomUUID(),
    scope: "mcp",
    key_thumbprint: "thumb",
    iat: now,
    exp: now + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: tokenKeyId(key), ...header })
    .sign(key);
}
