import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPool, gatewayUrl as databaseUrlOf } from "#lib/db/pool.ts";
import { startGateway } from "#lib/gateway/gateway.ts";
import { createAuthorizationServer } from "#lib/oauth/authorization-server.ts";
import { tokenKeyId } from "#lib/oauth/thumbprint.ts";
import { createTokenVerifier } from "#lib/oauth/token-verifier.ts";
import { env } from "#lib/platform/env.ts";
import { logger } from "#lib/platform/logger.ts";
import { sealingKey } from "#lib/platform/seal.ts";

/** The gateway process. SIGTERM and SIGINT drain it; a second one ends it at once. */
async function main(): Promise<void> {
  const settings = env();
  const log = logger().child({ process: "gateway" });
  const issuer = settings.AMBIT_GATEWAY_URL;
  const keys = join(settings.AMBIT_DATA_DIR, "keys");
  const signingKey = createPrivateKey(await readKey(join(keys, "gateway/token-ed25519.pem")));
  const payloadKey = await readKey(join(keys, "gateway/payload.key"));
  const sealKey = sealingKey(await readKey(join(keys, "shared/seal-x25519.pem")));
  const publicKeys = [{ kid: tokenKeyId(signingKey), key: createPublicKey(signingKey) }];

  const databaseUrl = databaseUrlOf(settings);
  const pool = createPool(databaseUrl, { max: 10, applicationName: "ambit-gateway" });
  const denialPool = createPool(databaseUrl, { max: 1, applicationName: "ambit-gateway-denials" });
  const gateway = await startGateway({
    host: settings.AMBIT_HOST,
    port: settings.GATEWAY_PORT,
    gatewayUrl: issuer,
    webUrl: settings.AMBIT_URL,
    pool,
    denialPool,
    databaseUrl,
    verify: createTokenVerifier({ issuer, publicKeys, cacheSize: 10_000 }),
    authorization: (record) => createAuthorizationServer({ pool, issuer, signingKey, record }),
    payloadKey,
    sealKey,
    dataDir: settings.AMBIT_DATA_DIR,
    onError: (error, what) => log.warn({ err: error, what }, "gateway trouble"),
  });
  log.info({ port: gateway.port }, "gateway listens");

  let asked = false;
  async function stop(): Promise<void> {
    if (asked) process.exit(1);
    asked = true;
    await gateway.close();
    await Promise.all([pool.end(), denialPool.end()]);
    process.exit(0);
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
}

async function readKey(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new Error(`The key file ${file} is missing or not readable; npm start makes it.`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
