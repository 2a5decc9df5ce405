import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { PackageError } from "#lib/mcp/package/package-error.ts";
import { env, processEnvironment } from "#lib/platform/env.ts";

/** One run of npm. `args` never contain a value that npm could read as an option. Time in milliseconds. */
export type NpmRun = { args: string[]; directory: string; cacheDir: string; registry: string; signal: AbortSignal };

const runMs = 180_000;
const outputMax = 64 * 1024;
const deadProxy = "http://127.0.0.1:9";

let found: Promise<string> | undefined;
let configured: Promise<string> | undefined;

/**
 * The registry in use, as origin and path with a closing slash: the argument, else AMBIT_NPM_REGISTRY, else what the machine's npm is configured with.
 * @throws PackageError `registry_unreachable` when npm is missing or names no http(s) registry
 */
export async function registryUrl(registry?: string): Promise<string> {
  const chosen = registry ?? env().AMBIT_NPM_REGISTRY ?? (await configuredRegistry());
  if (!/^https?:\/\//.test(chosen) || !URL.canParse(chosen)) {
    throw new PackageError("registry_unreachable", "npm is configured with no http(s) registry");
  }
  return chosen.endsWith("/") ? chosen : `${chosen}/`;
}

/**
 * Runs the machine's npm in an empty environment: no configuration of the user, no install scripts, no git, no other host than the registry.
 * @throws PackageError `lock_failed` when npm ends with an error, takes too long or is stopped
 */
export async function runNpm({ args, directory, cacheDir, registry, signal }: NpmRun): Promise<void> {
  const cli = await npmCli();
  const home = await mkdtemp(join(tmpdir(), "ambit-npm-"));
  const { hostname } = new URL(registry);
  const options = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--no-bin-links",
    "--omit-lockfile-registry-resolved",
    "--logs-max=0",
    "--allow-git=none",
    "--allow-remote=none",
    "--allow-file=none",
    "--allow-directory=none",
    `--registry=${registry}`,
    `--cache=${cacheDir}`,
    `--userconfig=${join(home, "user")}`,
    `--globalconfig=${join(home, "global")}`,
    // Address dependencies would let a package choose whom this machine talks to: every host but the registry goes to a closed port.
    `--proxy=${deadProxy}`,
    `--https-proxy=${deadProxy}`,
    `--noproxy=${hostname}`,
  ];
  try {
    const child = spawn(process.execPath, [cli, ...args, ...options], {
      cwd: directory,
      env: emptyEnvironment(home),
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    await ended(child, signal);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

// PATH is empty on purpose: npm can then start neither git nor a shell.
function emptyEnvironment(home: string): NodeJS.ProcessEnv {
  const certificates = processEnvironment().NODE_EXTRA_CA_CERTS;
  return {
    NODE_ENV: "production",
    HOME: home,
    PATH: home,
    TMPDIR: home,
    ...(certificates ? { NODE_EXTRA_CA_CERTS: certificates } : {}),
  };
}

function ended(child: ChildProcess, signal: AbortSignal): Promise<void> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(runMs)]);
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-outputMax);
  });
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  bounded.addEventListener("abort", stop, { once: true });
  if (bounded.aborted) stop();
  return new Promise<void>((resolve, reject) => {
    child.once("error", (cause) => reject(new PackageError("lock_failed", "npm cannot be started", { cause })));
    child.once("close", (code) => {
      bounded.removeEventListener("abort", stop);
      if (code === 0) return resolve();
      const reason = bounded.aborted ? "npm was stopped" : `npm ended with ${npmCode(errors)}`;
      reject(new PackageError("lock_failed", reason, { cause: new Error(errors) }));
    });
  });
}

function npmCode(errors: string): string {
  return /npm error code ([A-Z0-9_]{1,40})/.exec(errors)?.[1] ?? "an error";
}

function npmCli(): Promise<string> {
  found ??= findNpmCli().catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

// The launcher is itself started by npm, which names its own file; elsewhere npm is looked for on PATH.
async function findNpmCli(): Promise<string> {
  const { npm_execpath: started, PATH = "" } = processEnvironment();
  const candidates = [...(started ? [started] : []), ...PATH.split(delimiter).map((folder) => join(folder, "npm"))];
  for (const candidate of candidates) {
    const file = await realpath(candidate).catch(() => "");
    if (file.endsWith("npm-cli.js")) return file;
  }
  throw new PackageError("lock_failed", "npm was not found on this machine");
}

function configuredRegistry(): Promise<string> {
  configured ??= askNpm().catch((cause: unknown) => {
    configured = undefined;
    throw new PackageError("registry_unreachable", "npm does not tell its registry", { cause });
  });
  return configured;
}

async function askNpm(): Promise<string> {
  const arguments_ = [await npmCli(), "config", "get", "registry"];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, { timeout: 20_000 });
  return stdout.trim();
}
