import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createEgress, type Egress, type EgressOptions } from "#lib/mcp/egress/guard.ts";
import { type FixtureServer, startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function guard(options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({ allowList: () => [], ...options });
  cleanups.push(() => egress.close());
  return egress;
}

async function fixture(tls?: { key: string; cert: string }): Promise<FixtureServer> {
  const server = await startFixtureServer(tls ? { tls } : {});
  cleanups.push(() => server.close());
  return server;
}

const get = { method: "GET", headers: {}, signal: AbortSignal.timeout(8_000) } as const;

async function attempt(egress: Egress, url: string) {
  const started = performance.now();
  const failure = await egress.request(url, { ...get, signal: AbortSignal.timeout(8_000) }).then(
    ({ statusCode, body }) => {
      body.destroy();
      return { code: `answered ${statusCode}`, message: "" };
    },
    (error: { code: string; message: string; name: string }) => ({ code: error.code, message: error.message }),
  );
  return { ...failure, ms: performance.now() - started };
}

describe("TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const certificate = (name: string, altName: string, days = "2") => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        key,
        "-out",
        cert,
        "-days",
        days,
        "-subj",
        "/CN=fixture/O=Tests",
        "-addext",
        `subjectAltName=${altName}`,
      ],
      { stdio: "ignore" },
    );
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  };
  const good = certificate("good", "DNS:server.example,IP:127.0.0.1");
  const wrong = certificate("wrong", "DNS:other.example");
  rmSync(folder, { recursive: true });

  test("the certificate behind a name is verified, and its identity kept", async () => {
    const { port, requests } = await fixture(good);
    const egress = guard({
      allowList: () => [{ host: "server.example", port }],
      lookup: async () => ["127.0.0.1"],
      ca: good.cert,
    });
    const url = `https://server.example:${port}/`;
    expect(egress.peer(url)).toBeNull();
    expect((await attempt(egress, url)).code).toBe("answered 400");
    expect(requests[0]?.headers.host).toBe(`server.example:${port}`);
    const spki = new X509Certificate(good.cert).publicKey.export({ type: "spki", format: "der" });
    expect(egress.peer(url)).toMatchObject({
      subject: "CN=fixture, O=Tests",
      issuer: "CN=fixture, O=Tests",
      spkiSha256: createHash("sha256").update(spki).digest("hex"),
      alpn: "http/1.1",
      authorized: true,
    });
  });

  test.each([
    ["an authority that is not trusted", good, undefined],
    ["another host's certificate", wrong, wrong.cert],
  ])("%s is refused as tls_invalid", async (_name, tls, ca) => {
    const { port, requests } = await fixture(tls);
    const egress = guard({
      allowList: () => [{ host: "server.example", port }],
      lookup: async () => ["127.0.0.1"],
      ...(ca ? { ca } : {}),
    });
    expect((await attempt(egress, `https://server.example:${port}/`)).code).toBe("tls_invalid");
    expect(requests).toHaveLength(0);
  });

  test("plain http spoken to a TLS port and the reverse fail without a word of the remote", async () => {
    const { port } = await fixture();
    const egress = guard({ allowList: () => [{ host: "127.0.0.1", port }] });
    expect(await attempt(egress, `https://127.0.0.1:${port}/`)).toMatchObject({
      code: "tls_invalid",
      message: "tls_invalid",
    });
  });
});
