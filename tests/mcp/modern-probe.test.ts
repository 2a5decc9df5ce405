import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createEgress } from "#lib/mcp/egress/guard.ts";
import { type ProbeResult, probeHttp } from "#lib/mcp/probe.ts";
import { type ModernOptions, type ModernServer, startModernServer } from "#tests/fixtures/mcp-servers/modern-server.ts";

const allowed: { host: string; port: number }[] = [];
const egress = createEgress({ allowList: () => allowed });
let server: ModernServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => egress.close());

async function start(options: ModernOptions = {}): Promise<ModernServer> {
  server = await startModernServer(options);
  allowed.push({ host: "127.0.0.1", port: server.port });
  return server;
}

function expectOk(result: ProbeResult) {
  if (result.outcome !== "ok") throw new Error(`${result.outcome}: ${JSON.stringify(result)}`);
  return result.snapshot;
}

const refusal = (id: string | number, code: number) => ({ jsonrpc: "2.0", id, error: { code, message: "No." } });

describe("a server of the stateless era", () => {
  test("refuses the handshake, then is described completely by requests that stand for themselves", async () => {
    const { url, requests } = await start();
    const { identity, capabilities } = expectOk(await probeHttp({ url, egress }));
    expect(identity).toMatchObject({
      transport: "streamable-http",
      url,
      protocolVersion: "2026-07-28",
      serverInfo: { name: "modern", version: "1.0.0" },
      instructions: "A server for tests.",
      capabilities: { tools: expect.anything(), resources: expect.anything() },
    });
    expect(JSON.stringify(identity)).not.toMatch(/ttlMs|cacheScope/);
    expect(capabilities.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "tool add",
      "tool delete_note",
      "tool echo",
      "tool fail",
      "tool progress",
      "tool regional",
      "tool slow",
      "resource note://welcome",
    ]);
    expect(requests.map(({ method }) => method)).toEqual([
      "initialize",
      "server/discover",
      "tools/list",
      "resources/list",
      "resources/templates/list",
    ]);
    for (const { headers, method, params } of requests.slice(1)) {
      expect(headers["mcp-protocol-version"]).toBe("2026-07-28");
      expect(headers["mcp-method"]).toBe(method);
      expect(headers["mcp-session-id"]).toBeUndefined();
      expect(params._meta).toEqual({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "ambit", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
      });
    }
  });

  test("gives equal snapshots when it did not change", async () => {
    const { url } = await start();
    const first = expectOk(await probeHttp({ url, egress }));
    expect(expectOk(await probeHttp({ url, egress }))).toEqual(first);
  });

  test.each([
    ["400 without a JSON-RPC error", 400, () => ({ error: "no" })],
    ["404 and method not found", 404, (id: string | number) => refusal(id, -32601)],
    ["405", 405, () => ({})],
    ["200 and method not found", 200, (id: string | number) => refusal(id, -32601)],
    ["200 and unsupported protocol version", 200, (id: string | number) => refusal(id, -32022)],
  ])("is recognised when it refuses the handshake with %s", async (_, status, body) => {
    const { url } = await start({
      instead: (method, id) => (method === "initialize" ? { status, body: body(id) } : null),
    });
    expect(expectOk(await probeHttp({ url, egress })).identity.protocolVersion).toBe("2026-07-28");
  });

  test.each([
    ["403", 403, () => ({})],
    ["500", 500, () => ({})],
    ["another JSON-RPC error", 200, (id: string | number) => refusal(id, -32603)],
  ])("is not looked for behind %s", async (_, status, body) => {
    const { url, requests } = await start({
      instead: (method, id) => (method === "initialize" ? { status, body: body(id) } : null),
    });
    expect((await probeHttp({ url, egress })).outcome).toBe("failed");
    expect(requests).toHaveLength(1);
  });

  test("that also shakes hands is described in the handshake era, unless it was approved in the other", async () => {
    const { url, requests } = await start({ both: true });
    expect(expectOk(await probeHttp({ url, egress })).identity.protocolVersion).toBe("2025-11-25");
    const before = requests.length;
    expect(expectOk(await probeHttp({ url, egress, era: "modern" })).identity.protocolVersion).toBe("2026-07-28");
    expect(requests[before]?.method).toBe("server/discover");
  });

  test("of another revision only is not taken for one of this", async () => {
    const discovered = { supportedVersions: ["2027-07-28"], capabilities: {}, resultType: "complete" };
    const { url } = await start({
      instead: (method, id) =>
        method === "server/discover" ? { status: 200, body: { jsonrpc: "2.0", id, result: discovered } } : null,
    });
    expect(await probeHttp({ url, egress })).toMatchObject({ outcome: "failed", code: "protocol_error" });
  });

  test("that wants input for a list breaks the specification", async () => {
    const { url } = await start({
      instead: (method, id) =>
        method === "tools/list"
          ? { status: 200, body: { jsonrpc: "2.0", id, result: { resultType: "input_required", tools: [] } } }
          : null,
    });
    expect(await probeHttp({ url, egress })).toMatchObject({ outcome: "failed", code: "protocol_error" });
  });

  test("is asked with the credential, and says when it needs one", async () => {
    const { url, requests } = await start({ token: "canary-71" });
    for (const era of [{}, { era: "modern" as const }])
      expect(await probeHttp({ url, egress, ...era })).toMatchObject({ outcome: "needs_credential", scheme: "bearer" });
    const headers = { authorization: "Bearer canary-71", "Mcp-Method": "tools/call", "mcp-param-region": "x" };
    expectOk(await probeHttp({ url, egress, credential: { headers } }));
    for (const request of requests.slice(-3)) {
      expect(request.headers["mcp-method"]).toBe(request.method);
      expect(request.headers["mcp-param-region"]).toBeUndefined();
    }
  });
});
