import { join } from "node:path";
import { appUrl, gatewayUrl, logUrl } from "#lib/db/pool.ts";
import type { ChildSpec } from "#lib/instance/child.ts";
import type { InstanceMark } from "#lib/instance/mark.ts";
import { type Env, processEnvironment } from "#lib/platform/env.ts";

const root = join(import.meta.dirname, "../..");
/** For the gateway's Node: a small young generation, because calls leave nothing behind, and memory is bounded. */
export const gatewayNodeArguments = ["--max-semi-space-size=4"];
const passedOn = [
  ...[
    "PATH",
    "HOME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LANG",
    "TZ",
    "SystemRoot",
    "APPDATA",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "NEXT_DIST_DIR",
  ],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
];

/** What every program may know of the machine; nothing of Ambit. */
export function machineEnvironment(): NodeJS.ProcessEnv {
  const all = processEnvironment();
  const known = passedOn.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  return { ...Object.fromEntries(known), NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
}

/**
 * The programs of an instance, each with its own settings and database role only: the owner's connection reaches none of them, the
 * web app's environment holds no signing or credential key, and only the worker learns of mail.
 */
export function instanceProcesses(
  given: Env,
  ownerUrl: string,
  mark: InstanceMark,
  sessionSecret: string,
  isDev: boolean,
): ChildSpec[] {
  const settings = { ...given, DATABASE_URL: ownerUrl };
  const common = present({
    ...machineEnvironment(),
    AMBIT_DATA_DIR: settings.AMBIT_DATA_DIR,
    AMBIT_HOST: settings.AMBIT_HOST,
    AMBIT_URL: settings.AMBIT_URL,
    AMBIT_GATEWAY_URL: settings.AMBIT_GATEWAY_URL,
    AMBIT_LOG_LEVEL: settings.AMBIT_LOG_LEVEL,
    AMBIT_LOG_ORIGIN: mark.logOrigin,
    AMBIT_DEMO: mark.mode === "demo" ? "1" : "0",
  });
  const next = join(root, "node_modules/next/dist/bin/next");
  const port = String(settings.PORT);
  const web = present({
    ...common,
    ...(isDev ? { NODE_ENV: "development" } : {}),
    PORT: port,
    AMBIT_APP_DATABASE_URL: appUrl(settings),
    NEXTAUTH_SECRET: settings.NEXTAUTH_SECRET ?? sessionSecret,
    NEXTAUTH_URL: settings.AMBIT_URL,
    OIDC_ISSUER: settings.OIDC_ISSUER,
    OIDC_CLIENT_ID: settings.OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET: settings.OIDC_CLIENT_SECRET,
    OIDC_NAME: settings.OIDC_NAME,
  });
  const gateway = present({
    ...common,
    GATEWAY_PORT: String(settings.GATEWAY_PORT),
    AMBIT_GATEWAY_DATABASE_URL: gatewayUrl(settings),
  });
  const worker = present({
    ...common,
    AMBIT_APP_DATABASE_URL: appUrl(settings),
    AMBIT_LOG_DATABASE_URL: logUrl(settings),
    AMBIT_NPM_REGISTRY: settings.AMBIT_NPM_REGISTRY,
    SMTP_URL: settings.SMTP_URL,
    SMTP_FROM: settings.SMTP_FROM,
  });
  return [
    { name: "web", args: [next, isDev ? "dev" : "start", "-H", settings.AMBIT_HOST, "-p", port], env: web },
    { name: "gateway", args: [...gatewayNodeArguments, join(root, "lib/gateway/server.ts")], env: gateway },
    { name: "worker", args: [join(root, "lib/jobs/worker.ts")], env: worker },
  ];
}

/** The demo estate's MCP server over Streamable HTTP, on loopback. */
export function demoUpstream(port: number): ChildSpec {
  return {
    name: "everything",
    args: [
      "--import",
      join(root, "lib/instance/loopback-only.mjs"),
      join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"),
      "streamableHttp",
    ],
    env: { ...machineEnvironment(), PORT: String(port) },
  };
}

function present(values: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return { NODE_ENV: "production", ...Object.fromEntries(entries) };
}
