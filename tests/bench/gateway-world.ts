import { type ChildProcess, spawn } from "node:child_process";
import { createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loginUrl } from "#lib/db/pool.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { freePort } from "#lib/instance/ports.ts";
import { startPostgres } from "#lib/instance/postgres.ts";
import { gatewayNodeArguments } from "#lib/instance/processes.ts";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { openEstate } from "#tests/support/estate.ts";
import { endChildren, healthy, startChild } from "#tests/support/process.ts";

const root = join(import.meta.dirname, "../..");
/** Grants of others that the gateway holds while it is measured. */
export const otherGrants = 100_000;

export type BenchWorld = {
  directUrl: string;
  bareUrl: string;
  gatewayUrl: string;
  /** Headers of a session of the agent at the gateway. */
  sessionHeaders: Record<string, string>;
  ownerUrl: string;
  gatewayProcess: Usage;
  bareProcess: Usage;
  close(): Promise<void>;
};

/** What a process has used: CPU in microseconds since its start, resident memory in bytes. */
export type Usage = { cpuMicros(): number; rssBytes(): number };

/**
 * PostgreSQL with fsync, the real gateway process with 100,000 grants of others, a minimal server and a bare proxy.
 * @param nodeArguments for the gateway's Node beside its own, such as `--cpu-prof`
 */
export async function openBenchWorld(nodeArguments: readonly string[]): Promise<BenchWorld> {
  const dir = await mkdtemp(join(tmpdir(), "ambit-bench-"));
  await chmod(dir, 0o755);
  const postgres = await startPostgres({ dir: join(dir, "postgres") });
  const children: ChildProcess[] = [];
  await prepareDatabase(postgres.ownerUrl);
  await ensureKeys(dir, "bench");
  const upstream = await startChild([join(root, "tests/bench/gateway-upstream.ts")], children);
  const bare = await startChild(
    [join(root, "tests/bench/gateway-bare-proxy.ts"), `http://127.0.0.1:${upstream}`],
    children,
  );

  const estate = await openEstate(postgres.ownerUrl);
  const agentId = await estate.agent("bench-thumbprint");
  await estate.allow(upstream);
  const url = `http://127.0.0.1:${upstream}/mcp`;
  const connector = await estate.connector({
    slug: "bench",
    url,
    tools: await toolsOf(url),
    effects: { read_note: "read", write_note: "write" },
    serverName: "bench",
  });
  await estate.grant({ agentId, connector });
  await estate.addGrantsOfOthers(connector, otherGrants);
  await estate.close();

  const port = await freePort();
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const { PATH } = processEnvironment();
  const gateway = spawn(
    process.execPath,
    [...gatewayNodeArguments, ...nodeArguments, join(root, "lib/gateway/server.ts")],
    {
      env: {
        NODE_ENV: "production",
        PATH,
        GATEWAY_PORT: String(port),
        AMBIT_DATA_DIR: dir,
        AMBIT_GATEWAY_DATABASE_URL: loginUrl(postgres.ownerUrl, "ambit_gateway"),
        AMBIT_LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  children.push(gateway);
  await healthy(gatewayUrl);
  const key = createPrivateKey(await readFile(join(dir, "keys/gateway/token-ed25519.pem")));
  const endpoint = `${gatewayUrl}/mcp/s/bench`;
  const token = accessToken(key, gatewayUrl, endpoint, agentId);
  return {
    directUrl: url,
    bareUrl: `http://127.0.0.1:${bare}/mcp`,
    gatewayUrl: endpoint,
    sessionHeaders: await openSession(endpoint, token),
    ownerUrl: postgres.ownerUrl,
    gatewayProcess: usageOf(gateway),
    bareProcess: usageOf(children[1]),
    async close() {
      await endChildren(children);
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function toolsOf(url: string) {
  const answer = await post(url, { jsonrpc: "2.0", id: 1, method: "tools/list" }, {});
  const { result } = (await answer.json()) as { result: { tools: { name: string }[] } };
  return result.tools;
}

/** A token as the gateway's authorization server makes them, signed with its key. */
function accessToken(key: KeyObject, issuer: string, audience: string, agentId: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = {
    iss: issuer,
    aud: audience,
    sub: agentId,
    client_id: agentId,
    jti: randomBytes(8).toString("hex"),
    iat: now,
    exp: now + 1_800,
    scope: "mcp",
    key_thumbprint: "bench-thumbprint",
  };
  const text = `${encode({ typ: "at+jwt", alg: "EdDSA", kid: tokenKeyId(key) })}.${encode(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

async function openSession(endpoint: string, token: string): Promise<Record<string, string>> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } };
  const authorization = `Bearer ${token}`;
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const answer = await post(endpoint, { jsonrpc: "2.0", id: 0, method: "initialize", params }, { authorization });
    const id = answer.headers.get("mcp-session-id");
    if (id !== null) return { authorization, "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The gateway opened no session.");
}

function post(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  const own = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return fetch(url, { method: "POST", headers: { ...own, ...headers }, body: JSON.stringify(body) });
}

/** From /proc, because the figures of another process are wanted (Linux). */
function usageOf(child: ChildProcess | undefined): Usage {
  const pid = child?.pid ?? 0;
  const ticksPerSecond = 100;
  return {
    cpuMicros() {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
    },
    rssBytes() {
      const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      return Number(line?.[1] ?? 0) * 1_024;
    },
  };
}
