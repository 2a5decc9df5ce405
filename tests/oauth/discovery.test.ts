import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { auth, PrivateKeyJwtProvider } from "@modelcontextprotocol/client";
import { importJWK, jwtVerify } from "jose";
import { afterAll, expect, test } from "vitest";
import { createAuthorizationServer } from "#lib/oauth/authorization-server.ts";
import { seconds, startAuthorizationServer, tokenForm } from "#tests/oauth/estate.ts";

const estate = await startAuthorizationServer();
const { issuer, resource } = estate;
afterAll(() => estate.stop());

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(issuer + path, { redirect: "manual", ...init });
  return {
    status: response.status,
    allow: response.headers.get("allow"),
    body: await response.json().catch(() => null),
  };
}

test("the metadata names exactly what is served", async () => {
  const expected = {
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/oauth/jwks`,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    response_types_supported: [],
    grant_types_supported: ["client_credentials"],
    scopes_supported: ["mcp"],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: ["EdDSA", "ES256"],
  };
  expect(await get("/.well-known/oauth-authorization-server")).toMatchObject({ status: 200, body: expected });
  expect((await get("/.well-known/oauth-authorization-server")).body).toEqual(expected);
  expect((await get("/.well-known/openid-configuration")).body).toEqual(expected);
});

test("a token verifies with the published key, and the private part is not published", async () => {
  const { body } = await get("/oauth/jwks");
  expect(body.keys).toEqual([
    { kty: "OKP", crv: "Ed25519", x: expect.any(String), kid: expect.any(String), alg: "EdDSA", use: "sig" },
  ]);
  const answer = await estate.requestToken(await estate.addAgent());
  const verified = await jwtVerify(String(answer.body.access_token), await importJWK(body.keys[0], "EdDSA"), {
    issuer,
    audience: resource,
    typ: "at+jwt",
  });
  expect(verified.protectedHeader.kid).toBe(body.keys[0].kid);
});

test.each([
  "/oauth",
  "/oauth/",
  "/oauth/authorize",
  "/oauth/auth",
  "/oauth/reg",
  "/oauth/me",
  "/oauth/token/",
  "/oauth/TOKEN",
  "/oauth/token/introspection",
  "/oauth/token/revocation",
  "/oauth/request",
  "/oauth/device/auth",
  "/oauth/session/end",
  "/oauth/interaction/x",
  "/auth",
  "/token",
  "/jwks",
  "/me",
  "/reg",
  "/request",
  "/session/end",
  "/session/end/confirm",
  "/interaction/x",
  "/.well-known/openid-credential-issuer",
])("%s is not served, whatever the method", async (path) => {
  for (const method of ["GET", "POST", "OPTIONS", "DELETE"]) expect((await get(path, { method })).status).toBe(404);
});

test("a wrong method is told the right one", async () => {
  expect(await get("/oauth/token")).toMatchObject({ status: 405, allow: "POST" });
  expect(await get("/oauth/jwks", { method: "POST" })).toMatchObject({ status: 405, allow: "GET, HEAD" });
});

test("behind a proxy that ends TLS everything is named by the public origin", async () => {
  const origin = "https://gateway.example.com";
  const { pool, signingKey } = estate;
  const options = { pool, signingKey, issuer: origin, record: () => Promise.resolve() };
  const { handle } = createAuthorizationServer(options);
  const server = createServer((req, res) => void handle(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const local = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const metadata = await fetch(`${local}/.well-known/oauth-authorization-server`).then((response) => response.json());
    expect(metadata).toMatchObject({ issuer: origin, token_endpoint: `${origin}/oauth/token` });
    for (const [aud, status] of [
      [origin, 200],
      [`${origin}/oauth/token`, 200],
      [`${local}/oauth/token`, 401],
    ] as const) {
      const body = new URLSearchParams(await tokenForm(origin, await estate.addAgent(), { claims: { aud } }));
      expect((await fetch(`${local}/oauth/token`, { method: "POST", body })).status).toBe(status);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  expect(() => createAuthorizationServer({ ...options, issuer: `${origin}/ambit` })).toThrow("origin without a path");
});

test.each(["EdDSA", "ES256"] as const)(
  "MCP's reference client finds the way to a token by itself (%s)",
  async (algorithm) => {
    estate.serveElsewhere((req, res) => {
      if (req.url !== "/.well-known/oauth-protected-resource/mcp/s/everything") {
        res.writeHead(404).end();
        return;
      }
      res.writeHead(200, { "content-type": "application/json" });
      res.end(JSON.stringify({ resource, authorization_servers: [issuer], scopes_supported: ["mcp"] }));
    });
    const agent = await estate.addAgent(algorithm);
    const provider = new PrivateKeyJwtProvider({
      clientId: agent.id,
      privateKey: { ...agent.privateJwk },
      algorithm,
      expectedIssuer: issuer,
    });
    expect(await auth(provider, { serverUrl: resource })).toBe("AUTHORIZED");
    expect(estate.verifyToken(provider.tokens()?.access_token ?? "", resource, seconds())).toMatchObject({
      ok: true,
      agentId: agent.id,
      keyThumbprint: agent.thumbprint,
    });
  },
);
