import { execFile, execFileSync, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { request as forward } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "#lib/instance/ports.ts";
import { startPostgres } from "#lib/instance/postgres.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { startOpenIdProvider } from "#tests/e2e/openid-provider.ts";

const root = join(import.meta.dirname, "../..");

/** A deployment as the README says to run it: a database and an identity provider of its own, behind a proxy that ends TLS. */
export type Production = {
  /** Where people reach the console. */
  url: string;
  /** Where the web process itself listens, in plain HTTP. */
  webUrl: string;
  ownerUrl: string;
  /** Statements of the database's owner; the rows of the last one. */
  query: (...statements: string[]) => Promise<Record<string, unknown>[]>;
  /** What the start printed. */
  printed: string;
  /** `npm run recover` on the host; what it prints. */
  recover: () => Promise<string>;
  /** The identity provider goes away for good. */
  closeProvider: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts a deployment in production mode on an empty database. */
export async function startProduction(): Promise<Production> {
  const dir = await mkdtemp(join(tmpdir(), "ambit-production-"));
  await chmod(dir, 0o755);
  const [tlsPort, port, gatewayPort, providerPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const url = `https://localhost:${tlsPort}`;
  const client = {
    clientId: "ambit",
    clientSecret: "of-the-client",
    redirectUri: `${url}/api/auth/callback/company`,
  };
  const postgres = await startPostgres({ dir: join(dir, "postgres"), settings: { fsync: "off" } });
  const provider = await startOpenIdProvider(providerPort, client);
  const tls = await startTlsProxy(tlsPort, port, dir);
  const env = {
    ...machine(),
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    AMBIT_DATA_DIR: join(dir, "data"),
    AMBIT_URL: url,
    AMBIT_GATEWAY_URL: `https://localhost:${gatewayPort}`,
    DATABASE_URL: postgres.ownerUrl,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
    OIDC_NAME: "Company login",
  };
  const instance = await startInstance(env);
  return {
    url,
    webUrl: `http://127.0.0.1:${port}`,
    ownerUrl: postgres.ownerUrl,
    query: (...statements) => query(postgres.ownerUrl, statements),
    printed: instance.printed,
    recover: async () =>
      (await promisify(execFile)(process.execPath, [join(root, "lib/instance/recover.ts")], { cwd: root, env })).stdout,
    closeProvider: provider.close,
    async stop() {
      await instance.stop();
      await tls.close();
      await provider.close();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function query(ownerUrl: string, statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** What the machine sets, without what is set for the demo instance of the other journeys. */
function machine(): NodeJS.ProcessEnv {
  const ours = /^(?:AMBIT_|OIDC_|PORT$|GATEWAY_PORT$|DATABASE_URL$|NEXTAUTH_|SMTP_|NODE_ENV$|NODE_OPTIONS$)/;
  const entries = Object.entries(processEnvironment()).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(entries), NODE_ENV: "production" };
}

async function startInstance(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(root, "lib/instance/supervise.ts")], { cwd: root, env, stdio: "pipe" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let printed = "";
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        printed += chunk;
        if (printed.includes("Ctrl-C stops everything")) resolve();
      });
  });
  await Promise.race([
    ready,
    gone.then(() => {
      throw new Error(`the deployment did not start:\n${printed}`);
    }),
  ]);
  return {
    printed,
    stop: () => {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** The reverse proxy in front: ends TLS and passes everything on, the Host header as it came. */
async function startTlsProxy(port: number, webPort: number, dir: string) {
  const [key, cert] = [join(dir, "tls.key"), join(dir, "tls.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", ...kind, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
    const { method, url: path, headers } = request;
    const onward = forward({ host: "127.0.0.1", port: webPort, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
