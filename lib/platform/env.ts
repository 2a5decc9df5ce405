import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const optionalUrl = z.url().optional();

const Environment = z.object({
  NODE_ENV: z.string().default("production"),
  PORT: port.default(3000),
  GATEWAY_PORT: port.default(4000),
  AMBIT_HOST: z.string().default("127.0.0.1"),
  AMBIT_DATA_DIR: z
    .string()
    .default(".data")
    .transform((dir) => resolve(dir)),
  AMBIT_URL: optionalUrl,
  AMBIT_GATEWAY_URL: optionalUrl,
  DATABASE_URL: z.string().optional(),
  AMBIT_APP_DATABASE_URL: z.string().optional(),
  AMBIT_GATEWAY_DATABASE_URL: z.string().optional(),
  AMBIT_LOG_DATABASE_URL: z.string().optional(),
  AMBIT_DEMO: z.enum(["1", "0"]).optional(),
  AMBIT_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
  AMBIT_LOG_ORIGIN: z.string().optional(),
  AMBIT_NPM_REGISTRY: optionalUrl,
  NEXTAUTH_SECRET: z.string().min(32).optional(),
  OIDC_ISSUER: optionalUrl,
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default("Company sign-in"),
  SMTP_URL: z.string().optional(),
  SMTP_FROM: z.string().default("Ambit <ambit@localhost>"),
  AMBIT_TOKEN: z.string().optional(),
  AMBIT_CONFIG_DIR: z.string().default(join(homedir(), ".config", "ambit")),
});

/** Every setting of a process, validated. Units and meaning: README, section "Configuration". */
export type Env = ReturnType<typeof readEnv>;

let parsed: Env | undefined;

/**
 * The settings of this process, parsed once on the first call (never at import: `next build` evaluates modules).
 * @throws Error with one sentence per wrong setting.
 */
export function env(): Env {
  parsed ??= readEnv(process.env);
  return parsed;
}

/** Parses settings from an explicit source; `env()` is this on `process.env`. Empty strings count as absent. */
export function readEnv(source: Record<string, string | undefined>) {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = Environment.safeParse(present);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`Settings are not valid. ${lines.join("; ")}`);
  }
  const settings = result.data;
  const host = settings.AMBIT_HOST.includes(":") ? `[${settings.AMBIT_HOST}]` : settings.AMBIT_HOST;
  return {
    ...settings,
    AMBIT_URL: trimSlash(settings.AMBIT_URL ?? `http://${host}:${settings.PORT}`),
    AMBIT_GATEWAY_URL: trimSlash(settings.AMBIT_GATEWAY_URL ?? `http://${host}:${settings.GATEWAY_PORT}`),
  };
}

/** A process's whole environment, for handing a narrowed copy to a child process. The only other reader of `process.env`. */
export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

function trimSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
