import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureBuilt, ensureGenerated } from "#lib/instance/build.ts";
import { type ChildSpec, type SupervisedChild, startChild } from "#lib/instance/child.ts";
import { type Database, openDatabase } from "#lib/instance/database.ts";
import { demoUpstreamPort, ensureDemoEstate, tryAgentCommand } from "#lib/instance/demo-estate.ts";
import { ensureDemoPeople } from "#lib/instance/demo-people.ts";
import { waitHealthy } from "#lib/instance/health.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { endLongTransactions } from "#lib/instance/long-transactions.ts";
import { type InstanceMark, markInstance } from "#lib/instance/mark.ts";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { preflight } from "#lib/instance/preflight.ts";
import { demoUpstream, instanceProcesses, machineEnvironment } from "#lib/instance/processes.ts";
import { isSetupOpen, issueCode } from "#lib/instance/setup-code.ts";
import { type Env, env } from "#lib/platform/env.ts";

const demoPeople = "requester, owner, security-1, security-2, data-protection, platform, auditor, administrator";
/** npm and the terminal both deliver one Ctrl-C; what comes this soon after the first is not a second. */
const sameSignalMs = 1_000;

const startedAt = Date.now();
const isDev = process.argv.includes("--dev");
const children: SupervisedChild[] = [];
let opening: Promise<Database> | undefined;
let watch: { stop(): void } | undefined;
let stopRequestedAt: number | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);

try {
  await start(env());
} catch (error) {
  if (stopRequestedAt === undefined) {
    process.stderr.write(`Ambit did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    await stopAll();
    process.exit(1);
  }
}

async function start(settings: Env): Promise<void> {
  const { AMBIT_DATA_DIR: dataDir } = settings;
  await preflight(settings);
  opening = openDatabase(settings, say);
  const database = await opening;
  say(database.isEmbedded ? "PostgreSQL runs" : "The database answers");
  const applied = await prepareDatabase(database.ownerUrl);
  if (applied.length > 0) say(`Applied ${applied.length} migrations`);
  const mark = await markInstance(settings, database.ownerUrl);
  await ensureKeys(dataDir, mark.logOrigin);
  if (await ensureGenerated(machineEnvironment())) say("Generated the database client");
  if (!isDev) {
    say("Looking at the build (building takes a minute or two when something changed)");
    if (await ensureBuilt(machineEnvironment())) say("Built the web app");
  }
  watch = endLongTransactions(database.ownerUrl);
  await startChildren(settings, mark, database.ownerUrl);
  if (stopRequestedAt !== undefined) return;
  process.stdout.write(await closingText(settings, mark, database.ownerUrl));
}

async function startChildren(settings: Env, mark: InstanceMark, ownerUrl: string): Promise<void> {
  const { AMBIT_DATA_DIR: dataDir } = settings;
  const logs = join(dataDir, "logs");
  await mkdir(logs, { recursive: true, mode: 0o700 });
  const launch = (spec: ChildSpec) => {
    const child = startChild(spec, logs, say);
    children.push(child);
    return child;
  };
  const upstreamPort = mark.mode === "demo" ? await demoUpstreamPort(dataDir) : undefined;
  if (upstreamPort !== undefined) {
    await ensureDemoPeople(ownerUrl, upstreamPort);
    launch(demoUpstream(upstreamPort));
  }
  const secret = (await readFile(join(dataDir, "keys/web/session.secret"), "utf8")).trim();
  const [web, gateway] = instanceProcesses(settings, ownerUrl, mark, secret, isDev).map(launch);
  if (web !== undefined) await waitHealthy(web, `${localUrl(settings, settings.PORT)}/health`);
  say("Web runs");
  if (gateway !== undefined) await waitHealthy(gateway, `${localUrl(settings, settings.GATEWAY_PORT)}/health`);
  say("Gateway runs");
  if (upstreamPort === undefined || stopRequestedAt !== undefined) return;
  try {
    if (await ensureDemoEstate(settings, upstreamPort, say)) say("Created the demo estate");
  } catch (error) {
    // The instance is whole without it, and the next start tries again.
    say(`The demo estate is not complete: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where a process of this machine is reached, whatever its public URL. */
function localUrl({ AMBIT_HOST }: Env, port: number): string {
  const host =
    { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[AMBIT_HOST] ??
    (AMBIT_HOST.includes(":") ? `[${AMBIT_HOST}]` : AMBIT_HOST);
  return `http://${host}:${port}`;
}

async function closingText(settings: Env, mark: InstanceMark, ownerUrl: string): Promise<string> {
  const lines = [
    `Ambit is ready after ${seconds()}.`,
    `  Console  ${settings.AMBIT_URL}`,
    `  Gateway  ${settings.AMBIT_GATEWAY_URL}`,
  ];
  if (mark.mode === "demo") {
    lines.push(`  Sign in as one of: ${demoPeople}`);
    const command = await tryAgentCommand(settings.AMBIT_DATA_DIR);
    if (command !== undefined) lines.push(`  Try an agent: ${command}`);
  } else if (await isSetupOpen(ownerUrl)) {
    const code = await issueCode(ownerUrl, "setup");
    lines.push(
      `  First administrator: sign in, then enter this code within 15 minutes at ${settings.AMBIT_URL}/setup: ${code}`,
    );
  }
  return `\n${lines.join("\n")}\n  Logs are in ${join(settings.AMBIT_DATA_DIR, "logs")}. Ctrl-C stops everything.\n`;
}

function onSignal(): void {
  const now = Date.now();
  if (stopRequestedAt === undefined) {
    stopRequestedAt = now;
    process.stdout.write("\n");
    say("Stopping (a second Ctrl-C does not wait)");
    stopAll().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  } else if (now - stopRequestedAt > sameSignalMs) {
    for (const child of children) child.kill();
  }
}

/** Those who write to the database first, each draining; then the database. */
async function stopAll(): Promise<void> {
  watch?.stop();
  await Promise.all(children.map((child) => child.stop()));
  const database = await opening?.catch(() => undefined);
  await database?.stop();
  if (stopRequestedAt !== undefined) say("Stopped");
}

function say(sentence: string): void {
  process.stdout.write(`${seconds().padStart(8)}  ${sentence}\n`);
}

function seconds(): string {
  return `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
}
