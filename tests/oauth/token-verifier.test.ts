import { generateKeyPairSync, sign } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { createTokenVerifier } from "#lib/oauth/token-verifier.ts";
import { seconds, signToken } from "#tests/oauth/estate.ts";

const issuer = "https://gateway.example.com";
const audience = `${issuer}/mcp/s/everything`;
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const publicKeys = [{ kid: tokenKeyId(privateKey), key: publicKey }];
const fresh = () => createTokenVerifier({ issuer, publicKeys, cacheSize: 2 });

test("a good token is accepted, and its claims come out", async () => {
  const token = await signToken(privateKey, issuer, { jti: "one" });
  const verify = fresh();
  const expected = {
    ok: true,
    agentId: "agt_1",
    keyThumbprint: "thumb",
    jti: "one",
    scope: "mcp",
    expiresAt: expect.any(Number),
  };
  expect(verify(token, audience, seconds())).toEqual(expected);
  expect(verify(token, audience, seconds())).toEqual(expected);
});

describe("refused", () => {
  const now = seconds();
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["for another endpoint", { aud: `${issuer}/mcp/s/other` }, {}, "audience"],
    ["for several endpoints", { aud: [audience, `${issuer}/mcp/s/other`] }, {}, "malformed"],
    ["of another issuer", { iss: "https://other.example.com" }, {}, "issuer"],
    ["that expired", { exp: now }, {}, "expired"],
    ["issued in the future", { iat: now + 60 }, {}, "not_yet_valid"],
    ["without expiry", { exp: undefined }, {}, "malformed"],
    ["without the key's thumbprint", { key_thumbprint: undefined }, {}, "malformed"],
    ["whose client is not its subject", { client_id: "agt_2" }, {}, "malformed"],
    ["that is another kind of JWT", {}, { typ: "JWT" }, "type"],
    ["of an unknown key", {}, { kid: "other" }, "signature"],
    ["without kid", {}, { kid: undefined }, "signature"],
  ])("a token %s", async (_name, claims, header, error) => {
    expect(fresh()(await signToken(privateKey, issuer, claims, header), audience, now)).toEqual({ ok: false, error });
  });

  test("a token of another instance's key under our kid", async () => {
    const { privateKey: foreign } = generateKeyPairSync("ed25519");
    const kid = tokenKeyId(privateKey);
    expect(fresh()(await signToken(foreign, issuer, {}, { kid }), audience, now)).toEqual({
      ok: false,
      error: "signature",
    });
    expect(fresh()(await signToken(foreign, issuer), audience, now)).toEqual({ ok: false, error: "signature" });
  });

  test("an unsigned token, and one signed with the public key as a secret", async () => {
    const token = await signToken(privateKey, issuer);
    const [, body = ""] = token.split(".");
    const head = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt", kid: tokenKeyId(privateKey) })).toString(
      "base64url",
    );
    expect(fresh()(`${head}.${body}.`, audience, now)).toEqual({ ok: false, error: "malformed" });
    expect(fresh()(`${head}.${body}.AAAA`, audience, now)).toEqual({ ok: false, error: "signature" });
    const secret = new SignJWT({ iss: issuer, aud: audience })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: tokenKeyId(privateKey) })
      .sign(publicKey.export({ type: "spki", format: "der" }));
    expect(fresh()(await secret, audience, now)).toEqual({ ok: false, error: "signature" });
  });

  test("a token whose header names another algorithm than its key's, though the signature is right", async () => {
    const [, body = ""] = (await signToken(privateKey, issuer)).split(".");
    for (const alg of ["none", "ES256", "Ed25519"]) {
      const header = { alg, typ: "at+jwt", kid: tokenKeyId(privateKey) };
      const signed = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${body}`;
      const signature = sign(null, Buffer.from(signed), privateKey).toString("base64url");
      expect(fresh()(`${signed}.${signature}`, audience, now)).toEqual({ ok: false, error: "signature" });
    }
  });

  test("any token with one character changed", async () => {
    const token = await signToken(privateKey, issuer);
    const verify = fresh();
    expect(verify(token, audience, now).ok).toBe(true);
    // the last character of a part may carry unused bits only
    for (let index = 0; index < token.length - 1; index += 7) {
      if (token[index + 1] === "." || token[index] === ".") continue;
      const changed = token.slice(0, index) + (token[index] === "A" ? "B" : "A") + token.slice(index + 1);
      expect(verify(changed, audience, now).ok).toBe(false);
    }
  });

  test.each(["", ".", "..", "a.b.c", "a.b.c.d", "e30.e30.e30", "x".repeat(5_000), "\u0000.é.💥"])(
    "%j, which is no token",
    (text) => {
      expect(fresh()(text, audience, now).ok).toBe(false);
    },
  );
});

test("a remembered token is still checked for time and audience", async () => {
  const verify = fresh();
  const token = await signToken(privateKey, issuer, { exp: seconds() + 100 });
  expect(verify(token, audience, seconds()).ok).toBe(true);
  expect(verify(token, `${issuer}/mcp/s/other`, seconds())).toEqual({ ok: false, error: "audience" });
  expect(verify(token, audience, seconds() + 100)).toEqual({ ok: false, error: "expired" });
  expect(verify(token, audience, seconds())).toMatchObject({ ok: true });
});

test("more tokens than it remembers are all answered", async () => {
  const verify = fresh();
  const tokens = await Promise.all(Array.from({ length: 5 }, () => signToken(privateKey, issuer)));
  for (const token of [...tokens, ...tokens.toReversed()]) expect(verify(token, audience, seconds()).ok).toBe(true);
});

test("only public Ed25519 keys are taken", () => {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  expect(() => createTokenVerifier({ issuer, publicKeys: [{ kid: "x", key }], cacheSize: 1 })).toThrow("Ed25519");
});
