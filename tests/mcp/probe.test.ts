import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createEgress, type Egress } from "#lib/mcp/egress/guard.ts";
import { type ProbeResult, probeHttp } from "#lib/mcp/probe.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import {
  type FixtureOptions,
  type FixtureServer,
  startFixtureServer,
} from "#tests/fixtures/mcp-servers/fixture-server.ts";

const allowed: { host: string; port: number }[] = [];
let egress: Egress;
let server: FixtureServer | undefined;

beforeAll(() => {
  egress = createEgress({ allowList: () => allowed });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => egress.close());

async function start(options: FixtureOptions = {}): Promise<FixtureServer> {
  server = await startFixtureServer(options);
  allowed.push({ host: "127.0.0.1", port: server.port });
  return server;
}

function expectOk(result: ProbeResult) {
  if (result.outcome !== "ok") throw new Error(`${result.outcome}: ${JSON.stringify(result)}`);
  return result.snapshot;
}

describe("a server that keeps to the specification", () => {
  test.each(["json", "sse"] as const)("is described completely over %s, and its session is ended", async (answer) => {
    const { url, requests, sessions } = await start({ answer });
    const { identity, capabilities } = expectOk(await probeHttp({ url, egress }));
    expect(identity).toMatchObject({
      transport: "streamable-http",
      url,
      host: "127.0.0.1",
      tls: null,
      protocolVersion: "2025-11-25",
      serverInfo: { name: "fixture" },
      instructions: "A server for tests.",
    });
    expect(capabilities.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "tool add",
      "tool delete_note",
      "tool echo",
      "tool fail",
      "tool progress",
      "tool slow",
      "resource note://welcome",
      "resource_template note://{id}",
      "prompt summarise",
    ]);
    expect(requests.map(({ httpMethod, rpcMethod }) => rpcMethod ?? httpMethod)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/list",
      "resources/list",
      "resources/templates/list",
      "prompts/list",
      "DELETE",
    ]);
    for (const { headers } of requests.slice(1)) expect(headers["mcp-protocol-version"]).toBe("2025-11-25");
    expect(sessions.size).toBe(0);
  });

  test("is read page by page", async () => {
    const { url } = await start({ behaviour: "paged" });
    expect(expectOk(await probeHttp({ url, egress })).capabilities.filter(({ kind }) => kind === "tool")).toHaveLength(
      6,
    );
  });

  test.each(["2025-03-26", "2025-06-18"])("is spoken to in its own revision %s", async (version) => {
    const { url } = await start({ protocolVersions: [version] });
    expect(expectOk(await probeHttp({ url, egress })).identity.protocolVersion).toBe(version);
  });

  test("gives equal snapshots when it did not change, and definitions exactly as served", async () => {
    const { url, mutateTool } = await start();
    mutateTool("echo", { "x-unknown": { kept: [1, "two", null] } });
    const first = expectOk(await probeHttp({ url, egress }));
    expect(expectOk(await probeHttp({ url, egress }))).toEqual(first);
    expect(first.capabilities.find(({ name }) => name === "echo")?.definition["x-unknown"]).toEqual({
      kept: [1, "two", null],
    });
  });

  test("the reference server with every feature is described", async () => {
    const port = await freePort();
    allowed.push({ host: "localhost", port });
    const child = spawn(
      process.execPath,
      ["node_modules/@modelcontextprotocol/server-everything/dist/index.js", "streamableHttp"],
      {
        env: { NODE_ENV: "test", PATH: processEnvironment().PATH ?? "", PORT: String(port) },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    try {
      await once(child.stderr, "data");
      const url = `http://localhost:${port}/mcp`;
      let result = await probeHttp({ url, egress });
      for (let tries = 0; result.outcome === "failed" && tries < 20; tries += 1)
        result = await probeHttp({ url, egress });
      const { identity, capabilities } = expectOk(result);
      expect(identity.protocolVersion).toBe("2025-11-25");
      expect(capabilities.map(({ name }) => name)).toContain("get-env");
      expect(capabilities.filter(({ kind }) => kind === "prompt").length).toBeGreaterThan(2);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("credentials", () => {
  test("a server that wants one is reported with the scheme only, and a wrong one says so", async () => {
    const { url } = await start({ token: "right" });
    const bare = await probeHttp({ url, egress });
    expect(bare).toMatchObject({ outcome: "needs_credential", scheme: "bearer" });
    expect(JSON.stringify(bare)).not.toContain("never");
    const wrong = await probeHttp({ url, egress, credential: { headers: { authorization: "Bearer wrong" } } });
    expect(wrong).toMatchObject({ outcome: "needs_credential", message: expect.stringContaining("did not accept") });
  });

  test("given headers are sent with every message, but cannot replace the transport's own", async () => {
    const { url, requests } = await start({ token: "right" });
    const headers = { Authorization: "Bearer right", "Mcp-Session-Id": "stolen", Host: "elsewhere" };
    expectOk(await probeHttp({ url, egress, credential: { headers } }));
    for (const request of requests) {
      expect(request.headers.authorization).toBe("Bearer right");
      expect(request.headers["mcp-session-id"]).not.toBe("stolen");
      expect(request.headers.host).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test("client credentials are exchanged through the same guard", async () => {
    const { url } = await start({ token: "from-token-endpoint" });
    const { createServer: http } = await import("node:http");
    const seen: string[] = [];
    const tokens = http((request, response) => {
      request.on("data", (chunk) => seen.push(String(chunk)));
      request.on("end", () => {
        seen.push(String(request.headers.authorization));
        response.writeHead(200, { "content-type": "application/json" });
        response.end('{"access_token":"from-token-endpoint","token_type":"Bearer","expires_in":60}');
      });
    });
    const port = await new Promise<number>((resolve) => {
      tokens.listen(0, "127.0.0.1", () => {
        const address = tokens.address();
        resolve(address !== null && typeof address === "object" ? address.port : 0);
      });
    });
    try {
      const oauth = { tokenUrl: `http://127.0.0.1:${port}/token`, clientId: "a:b", clientSecret: "s e", scope: "mcp" };
      expect(await probeHttp({ url, egress, credential: { oauth } })).toMatchObject({
        outcome: "failed",
        code: "egress_refused",
      });
      expect(seen).toEqual([]);
      allowed.push({ host: "127.0.0.1", port });
      expectOk(await probeHttp({ url, egress, credential: { oauth } }));
      expect(new URLSearchParams(seen[0]).get("resource")).toBe(url);
      expect(seen[1]).toBe(`Basic ${Buffer.from("a%3Ab:s+e").toString("base64")}`);
    } finally {
      tokens.closeAllConnections();
      tokens.close();
    }
  });
});

describe("a server that misbehaves costs a bounded amount and gives one of the listed failures", () => {
  test.each([
    ["huge", "too_large"],
    ["crowded", "too_large"],
    ["looping", "looping"],
    ["endless", "looping"],
    ["html", "not_mcp"],
    ["redirect", "http_error"],
    ["teapot", "http_error"],
    ["duplicate-key", "not_mcp"],
    ["silent", "timeout"],
    ["drip", "timeout"],
  ] as const)("%s: %s", async (behaviour, code) => {
    const { url, port } = await start({ behaviour });
    const result = await probeHttp({ url, egress, requestMs: 700 });
    expect(result).toMatchObject({ outcome: "failed", code });
    for (const telling of [String(port), "127.0.0.1", "169.254", "internal detail"])
      expect(JSON.stringify(result)).not.toContain(telling);
  });

  test("a repeated cursor is noticed at once, not after a hundred pages", async () => {
    const { url, requests } = await start({ behaviour: "looping" });
    await probeHttp({ url, egress });
    expect(requests.filter(({ rpcMethod }) => rpcMethod === "tools/list")).toHaveLength(2);
  });

  test("the whole look has one time limit, however quick each page is", async () => {
    const { url } = await start({ behaviour: "drip" });
    const started = Date.now();
    expect(await probeHttp({ url, egress, totalMs: 400 })).toMatchObject({ outcome: "failed", code: "timeout" });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test("a port where nothing listens is unreachable", async () => {
    const port = await freePort();
    allowed.push({ host: "127.0.0.1", port });
    expect(await probeHttp({ url: `http://127.0.0.1:${port}/mcp`, egress })).toMatchObject({ code: "unreachable" });
  });

  test("tools that change between two looks show as different definitions", async () => {
    const { url } = await start({ behaviour: "fickle" });
    const first = expectOk(await probeHttp({ url, egress }));
    expect(expectOk(await probeHttp({ url, egress })).capabilities).not.toEqual(first.capabilities);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
