import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureKeys } from "#lib/instance/keys.ts";
import { freePort } from "#lib/instance/ports.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { newId } from "#lib/platform/id.ts";
import { startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";
import { honestTools } from "#tests/fixtures/mcp-servers/fixture-tools.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/db.ts";
import { openEstate } from "#tests/support/estate.ts";

let database: TestDatabase;
let dataDir: string;
let gateway: ChildProcess;
let url: string;
let log = "";

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "ambit-server-"));
  await ensureKeys(dataDir, "test");
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  gateway = spawn(process.execPath, ["lib/gateway/server.ts"], {
    env: {
      NODE_ENV: "production",
      PATH: processEnvironment().PATH,
      GATEWAY_PORT: String(port),
      AMBIT_DATA_DIR: dataDir,
      AMBIT_GATEWAY_DATABASE_URL: database.gatewayUrl,
      AMBIT_LOG_LEVEL: "info",
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  gateway.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The gateway does not start: ${log}`);
});
afterAll(async () => {
  gateway.kill("SIGKILL");
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

test("the process serves an agent from its key to its call, and SIGTERM ends it cleanly", async () => {
  const estate = await openEstate(database.ownerUrl);
  const server = await startFixtureServer();
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const thumbprint = await calculateJwkThumbprint(jwk);
  const agentId = await estate.agent(thumbprint);
  await estate.change("update agent_key set public_jwk = $2 where agent_id = $1", [agentId, JSON.stringify(jwk)]);
  await estate.allow(server.port);
  const connector = await estate.connector({ url: server.url, tools: honestTools });
  await estate.grant({ agentId, connector });

  const resource = `${url}/mcp/s/${connector.slug}`;
  const assertion = await new SignJWT({ jti: newId("jti") })
    .setProtectedHeader({ alg: "EdDSA", kid: thumbprint })
    .setIssuer(agentId)
    .setSubject(agentId)
    .setAudience(`${url}/oauth/token`)
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(privateKey);
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: agentId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
      resource,
    }),
  });
  const issued = (await answer.json()) as { access_token: string };
  expect(answer.status, JSON.stringify(issued)).toBe(200);

  const client = new Client({ name: "test", version: "1" });
  const headers = { authorization: `Bearer ${issued.access_token}` };
  const transport = new StreamableHTTPClientTransport(new URL(resource), { requestInit: { headers } });
  await client.connect(transport as unknown as Parameters<Client["connect"]>[0]);
  expect(await client.callTool({ name: "echo", arguments: { text: "hi" } })).toMatchObject({
    content: [{ text: "hi" }],
  });
  await client.close();

  const exited = once(gateway, "exit");
  gateway.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  const types = await estate.query("select distinct type from audit_event where agent_id = $1 order by type", [
    agentId,
  ]);
  expect(types.map((row) => row.type)).toEqual(["agent-token.issued", "call.intent", "call.outcome"]);
  expect(log).not.toContain(issued.access_token);
  await Promise.all([estate.close(), server.close()]);
});
