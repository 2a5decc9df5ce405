import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchAgentToken, generateAgentKey } from "#lib/client/agent-token.ts";
import { loginUrl } from "#lib/db/pool.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { freePort } from "#lib/instance/ports.ts";
import { startPostgres } from "#lib/instance/postgres.ts";
import { gatewayNodeArguments } from "#lib/instance/processes.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { type Era, fixtureSeed } from "#tests/conformance/fixture-seed.ts";
import { startShim } from "#tests/conformance/shim.ts";
import { openEstate } from "#tests/support/estate.ts";
import { endChildren, healthy, startChild } from "#tests/support/process.ts";

const root = join(import.meta.dirname, "../..");

export type ConformanceWorld = {
  /** Where a client of the suite reaches the fixture through the gateway, authorized. */
  url(era: Era): string;
  close(): Promise<void>;
};

/** PostgreSQL, the real gateway process with governance on, an agent with its own key and tokens, and one fixture per era. */
export async function openConformanceWorld(wanted: readonly Era[]): Promise<ConformanceWorld> {
  const dir = await mkdtemp(join(tmpdir(), "ambit-conformance-"));
  await chmod(dir, 0o755);
  const postgres = await startPostgres({ dir: join(dir, "postgres") });
  const children: ChildProcess[] = [];
  const port = await freePort();
  const shim = await startShim(port);
  async function close() {
    await shim.close();
    await endChildren(children);
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
  try {
    await prepareDatabase(postgres.ownerUrl);
    await ensureKeys(dir, "conformance");
    const key = await generateAgentKey();
    const agentId = await seedEstate(postgres.ownerUrl, wanted, children, key);
    // the shim is the gateway's public address, as a reverse proxy would be: Host and Origin are right without being rewritten
    const gatewayUrl = `http://localhost:${shim.port}`;
    const { PATH } = processEnvironment();
    const gateway = spawn(process.execPath, [...gatewayNodeArguments, join(root, "lib/gateway/server.ts")], {
      env: {
        NODE_ENV: "production",
        PATH,
        GATEWAY_PORT: String(port),
        AMBIT_GATEWAY_URL: gatewayUrl,
        AMBIT_DATA_DIR: dir,
        AMBIT_GATEWAY_DATABASE_URL: loginUrl(postgres.ownerUrl, "ambit_gateway"),
        AMBIT_LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    children.push(gateway);
    await healthy(gatewayUrl);
    const tokenEndpoint = await tokenEndpointOf(gatewayUrl);
    for (const era of wanted) {
      const resource = `${gatewayUrl}/mcp/s/${era}`;
      const asked = { tokenEndpoint, issuer: gatewayUrl, clientId: agentId, privateJwk: key.privateJwk, resource };
      shim.authorize(`/mcp/s/${era}`, (await fetchAgentToken(asked)).accessToken);
    }
    return { url: (era) => `${gatewayUrl}/mcp/s/${era}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An agent, and per era a fixture as an approved, enabled connector with a grant on everything that it offers. */
async function seedEstate(
  ownerUrl: string,
  wanted: readonly Era[],
  children: ChildProcess[],
  { publicJwk, thumbprint }: Awaited<ReturnType<typeof generateAgentKey>>,
): Promise<string> {
  const estate = await openEstate(ownerUrl);
  const agentId = await estate.agent(thumbprint);
  await estate.change("update agent_key set public_jwk = $2 where agent_id = $1", [agentId, JSON.stringify(publicJwk)]);
  for (const era of wanted) {
    const port = await startChild([join(root, "tests/conformance/fixture.ts"), era], children);
    await estate.allow(port);
    const url = `http://127.0.0.1:${port}/mcp`;
    const connector = await estate.connector({ slug: era, ...fixtureSeed(url, era) });
    await estate.grant({ agentId, connector, actions: ["discover", "invoke", "read"] });
  }
  await estate.close();
  return agentId;
}

async function tokenEndpointOf(gatewayUrl: string): Promise<string> {
  const answer = await fetch(`${gatewayUrl}/.well-known/oauth-authorization-server`);
  const { token_endpoint: endpoint } = (await answer.json()) as { token_endpoint: string };
  return endpoint;
}
