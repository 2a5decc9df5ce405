import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { fetchAgentToken, generateAgentKey } from "#lib/client/agent-token.ts";
import { createStore } from "#lib/oauth/store.ts";
import {
  type Answer,
  type Change,
  seconds,
  signAssertion,
  startAuthorizationServer,
  tokenForm,
} from "#tests/oauth/estate.ts";

const estate = await startAuthorizationServer();
const { issuer, resource, events, owner } = estate;
afterAll(() => estate.stop());
beforeEach(() => {
  events.length = 0;
  estate.failRecording(undefined);
});

/** Refused with this error and, in the log, this reason; no token event but that one; every refusal says what to do. */
function expectRefused({ status, body }: Answer, error: string, reason = error): void {
  expect({ status, error: body.error, reason: events[0]?.data.reason }).toEqual({
    status: error === "invalid_client" ? 401 : 400,
    error,
    reason,
  });
  expect(body).not.toHaveProperty("access_token");
  expect(String(body.error_description)).toMatch(/Send|Use|POST/);
  expect(events.map(({ type }) => type)).toEqual(["agent-token.refused"]);
}

describe("a token", () => {
  test.each(["EdDSA", "ES256"] as const)(
    "is issued for a registered %s key, for one endpoint and 10 minutes",
    async (algorithm) => {
      const agent = await estate.addAgent(algorithm);
      const token = await fetchAgentToken({
        tokenEndpoint: `${issuer}/oauth/token`,
        issuer,
        clientId: agent.id,
        privateJwk: agent.privateJwk,
        resource,
      });
      expect(token).toMatchObject({ expiresIn: 600, scope: "mcp" });
      expect(decodeProtectedHeader(token.accessToken)).toEqual({
        alg: "EdDSA",
        typ: "at+jwt",
        kid: estate.publicKeys[0]?.kid,
      });
      const claims = decodeJwt(token.accessToken);
      expect(claims).toEqual({
        iss: issuer,
        aud: resource,
        sub: agent.id,
        client_id: agent.id,
        scope: "mcp",
        key_thumbprint: agent.thumbprint,
        jti: expect.any(String),
        iat: expect.any(Number),
        exp: (claims.iat ?? 0) + 600,
      });
      expect(estate.verifyToken(token.accessToken, resource, seconds())).toEqual({
        ok: true,
        agentId: agent.id,
        keyThumbprint: agent.thumbprint,
        jti: claims.jti,
        expiresAt: claims.exp,
        scope: "mcp",
      });
      expect(events).toEqual([
        {
          type: "agent-token.issued",
          agentId: agent.id,
          data: { jti: claims.jti, resource, keyThumbprint: agent.thumbprint, expiresAt: claims.exp, scope: "mcp" },
        },
      ]);
    },
  );

  test("names the key that signed, also when the client sent no kid and the agent has several keys", async () => {
    const agent = await estate.addAgent();
    const second = { id: agent.id, ...(await estate.addKey(agent.id)) };
    for (const holder of [agent, second]) {
      const { body } = await estate.requestToken(holder, { header: { kid: undefined } });
      expect(decodeJwt(String(body.access_token)).key_thumbprint).toBe(holder.thumbprint);
    }
  });

  test("may be asked for with the token endpoint as audience, and says which scope was given", async () => {
    const agent = await estate.addAgent();
    const { status, body } = await estate.requestToken(agent, {
      claims: { aud: `${issuer}/oauth/token` },
      form: { scope: "mcp admin" },
    });
    expect({ status, scope: body.scope, type: body.token_type }).toEqual({ status: 200, scope: "mcp", type: "Bearer" });
  });

  test("is not handed out when its event cannot be recorded", async () => {
    const agent = await estate.addAgent();
    estate.failRecording(new Error("secret internals"));
    const { status, body, headers } = await estate.requestToken(agent);
    expect({ status, error: body.error, retry: headers.get("retry-after") }).toEqual({
      status: 503,
      error: "temporarily_unavailable",
      retry: "2",
    });
    expect(JSON.stringify(body)).not.toMatch(/access_token|internals/);
  });
});

describe("a client is not authenticated", () => {
  test("with a key that is not registered", async () => {
    const agent = await estate.addAgent();
    const stranger = { id: agent.id, ...(await generateAgentKey()) };
    expectRefused(await estate.requestToken(stranger), "invalid_client", "assertion_signature");
    expect(events[0]).toMatchObject({ agentId: null, data: { claimedAgentId: agent.id } });
  });

  test("with a registered key's kid on a signature of another key, or another agent's key", async () => {
    const [agent, other] = [await estate.addAgent(), await estate.addAgent()];
    const forged = { ...agent, privateJwk: (await generateAgentKey()).privateJwk };
    expectRefused(await estate.requestToken(forged), "invalid_client", "assertion_signature");
    events.length = 0;
    expectRefused(await estate.requestToken({ ...other, id: agent.id }), "invalid_client", "assertion_signature");
  });

  test("from the moment its key is revoked", async () => {
    const agent = await estate.addAgent();
    await estate.addKey(agent.id);
    expect((await estate.requestToken(agent)).status).toBe(200);
    await owner.query("update agent_key set revoked_at = now() where thumbprint = $1", [agent.thumbprint]);
    events.length = 0;
    expectRefused(await estate.requestToken(agent), "invalid_client", "assertion_signature");
  });

  test.each(["suspended", "retired"])("from the moment the agent is %s", async (status) => {
    const agent = await estate.addAgent();
    expect((await estate.requestToken(agent)).status).toBe(200);
    await owner.query("update agent set status = $2 where id = $1", [agent.id, status]);
    events.length = 0;
    expectRefused(await estate.requestToken(agent), "invalid_client", "client_unknown");
  });

  test("a second time with the same assertion, also when both arrive at once", async () => {
    const agent = await estate.addAgent();
    const form = await tokenForm(issuer, agent);
    const answers = await Promise.all(Array.from({ length: 8 }, () => estate.post(form)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 401)]);
    events.length = 0;
    expectRefused(await estate.post(form), "invalid_client", "assertion_replayed");
    expect(events[0]?.agentId).toBe(agent.id);
  });

  const now = seconds();
  test.each<[string, Change, string]>([
    ["meant for another server", { claims: { aud: "https://other.example" } }, "assertion_audience"],
    ["meant for another server too", { claims: { aud: [issuer, "https://other.example"] } }, "assertion_audience"],
    ["without audience", { claims: { aud: undefined } }, "assertion_audience"],
    ["that expired", { claims: { iat: now - 120, exp: now - 60 } }, "assertion_expired"],
    ["that never expires", { claims: { exp: undefined } }, "assertion_invalid"],
    ["valid for an hour", { claims: { exp: now + 3_600 } }, "assertion_lifetime"],
    ["from the future", { claims: { nbf: now + 120 } }, "assertion_invalid"],
    ["without jti", { claims: { jti: undefined } }, "assertion_invalid"],
    ["issued by somebody else", { claims: { iss: "agt_other" } }, "assertion_invalid"],
  ])("with an assertion %s", async (_name, change, reason) => {
    expectRefused(await estate.requestToken(await estate.addAgent(), change), "invalid_client", reason);
  });

  test("with an assertion for another server whose name it sends as Host", async () => {
    const agent = await estate.addAgent();
    const form = await tokenForm(issuer, agent, { claims: { aud: "http://other.example/oauth/token" } });
    const headers = { host: "other.example", "x-forwarded-host": "other.example", "x-forwarded-proto": "http" };
    expectRefused(await estate.post(form, headers), "invalid_client", "assertion_audience");
  });

  test("with an unsigned assertion, or one signed with the public key as a secret", async () => {
    const agent = await estate.addAgent();
    const [, body = ""] = (await signAssertion(issuer, agent)).split(".");
    for (const alg of ["none", "HS256"]) {
      events.length = 0;
      const head = Buffer.from(JSON.stringify({ alg, kid: agent.thumbprint })).toString("base64url");
      const form = { client_assertion: `${head}.${body}.${alg === "none" ? "" : "c2ln"}` };
      expectRefused(await estate.requestToken(agent, { form }), "invalid_client", "assertion_algorithm");
    }
  });

  test("by an id that nobody has, a secret, or nothing; and unknown agent and wrong key read alike", async () => {
    const agent = await estate.addAgent();
    const unknown = await estate.requestToken({ ...agent, id: "agt_0000" });
    expectRefused(unknown, "invalid_client", "client_unknown");
    const wrongKey = await estate.requestToken({ ...agent, ...(await generateAgentKey()) });
    expect(wrongKey.body).toEqual(unknown.body);
    events.length = 0;
    const form: [string, string][] = [
      ["grant_type", "client_credentials"],
      ["resource", resource],
      ["client_id", agent.id],
    ];
    expectRefused(await estate.post(form), "invalid_client", "assertion_invalid");
    events.length = 0;
    expectRefused(await estate.post([...form, ["client_secret", "x"]]), "invalid_client", "assertion_invalid");
  });
});

describe("a request is refused", () => {
  const bad = {
    "without resource": undefined,
    "with two resources": [resource, `${issuer}/mcp/s/other`],
    "with the same resource twice": [resource, resource],
    "for another server's endpoint": "https://other.example/mcp/s/everything",
    "for the server as a whole": issuer,
    "with a query": `${resource}?x=1`,
    "with a fragment": `${resource}#x`,
    "with a path trick": `${issuer}/mcp/s/../s/everything`,
    "with a host trick": `${issuer}.other.example/mcp/s/everything`,
    "with no URL": "everything",
  };
  test.each(Object.entries(bad))("%s", async (_name, value) => {
    expectRefused(await estate.requestToken(await estate.addAgent(), { form: { resource: value } }), "invalid_target");
  });

  test("in the same words for a connector that exists and one that does not: the gateway decides at the call", async () => {
    const agent = await estate.addAgent();
    const { status } = await estate.requestToken(agent, { form: { resource: `${issuer}/mcp/s/no-such-connector` } });
    expect(status).toBe(200);
  });

  test.each([
    "authorization_code",
    "refresh_token",
    "password",
    "implicit",
    "urn:ietf:params:oauth:grant-type:device_code",
  ])("for the grant %s", async (grant_type) => {
    expectRefused(
      await estate.requestToken(await estate.addAgent(), { form: { grant_type } }),
      "unsupported_grant_type",
    );
  });

  test.each([
    ["no grant type", { form: { grant_type: undefined } }, "invalid_request"],
    ["two assertions", { form: { client_assertion: ["a.b.c", "d.e.f"] } }, "invalid_request"],
    ["an assertion that is no JWT", { form: { client_assertion: "hello" } }, "invalid_request"],
    ["another kind of assertion", { form: { client_assertion_type: "urn:other" } }, "invalid_request"],
  ])("with %s", async (_name, change, error) => {
    expectRefused(await estate.requestToken(await estate.addAgent(), change), error);
  });

  test("with a body that is no form, or of a megabyte, without saying anything internal", async () => {
    for (const init of [
      { body: "{}", headers: { "content-type": "application/json" } },
      { body: `a=${"x".repeat(1_000_000)}`, headers: { "content-type": "application/x-www-form-urlencoded" } },
    ]) {
      events.length = 0;
      const response = await fetch(`${issuer}/oauth/token`, { method: "POST", ...init });
      const body = (await response.json()) as Record<string, unknown>;
      expectRefused({ status: response.status, body, headers: response.headers }, "invalid_request");
    }
  });

  test("in JSON, never as a page, and never cached", async () => {
    const response = await estate.post([["grant_type", "x"]], { accept: "text/html" });
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});

describe("the store", () => {
  test("keeps used assertions until they expired, and nothing else", async () => {
    await estate.requestToken(await estate.addAgent());
    const { rows } = await owner.query("select distinct kind, expires_at > now() as kept from oauth_artifact");
    expect(rows).toEqual([{ kind: "ReplayDetection", kept: true }]);
  });

  test("forgets them afterwards", async () => {
    await owner.query(
      `insert into oauth_artifact (id, kind, payload, expires_at) values ('old', 'ReplayDetection', '{}', now() - interval '2 minutes')`,
    );
    await createStore(estate.pool)("ReplayDetection").upsert("new", {}, 60);
    const { rows } = await owner.query("select id from oauth_artifact where id in ('old', 'ReplayDetection:new')");
    expect(rows).toEqual([{ id: "ReplayDetection:new" }]);
  });

  test("refuses without a word about why when the database does not answer", async () => {
    const agent = await estate.addAgent();
    await owner.query("alter table agent rename to agent_gone");
    try {
      const { status, body } = await estate.requestToken(agent);
      expect({ status, error: body.error }).toEqual({ status: 503, error: "temporarily_unavailable" });
      expect(JSON.stringify(body)).not.toMatch(/relation|agent_|oops/);
    } finally {
      await owner.query("alter table agent_gone rename to agent");
    }
    expect((await estate.requestToken(agent)).status).toBe(200);
  });
});
