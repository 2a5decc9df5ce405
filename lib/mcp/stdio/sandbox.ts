import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { InstalledPackage } from "#lib/mcp/package/install.ts";
import type { PinnedPackage } from "#lib/mcp/package/pinned.ts";
import { bubblewrapArguments } from "#lib/mcp/stdio/bubblewrap.ts";
import type { Bind } from "#lib/mcp/stdio/confinement.ts";
import { unshareArguments } from "#lib/mcp/stdio/unshare.ts";

/**
 * What keeps a stdio server apart on this machine. `bubblewrap`: user, mount, PID, network, IPC and UTS namespaces built by bwrap.
 * `unshare`: the same built by util-linux as root, plus a user id of its own. `none`: nothing (Node's permission model is not a
 * sandbox: it does not bind child processes, native code or the network).
 */
export type Sandbox = { kind: "bubblewrap" | "unshare" | "none"; detail: string };

/** A folder of the host that the server may write, and where it sees it; `inside` lies under `/data`. */
export type WritableFolder = { host: string; inside: string };

/** What to start. `environment` is all that the server gets besides PATH and HOME; it may hold its credential. */
export type Launch = {
  program: InstalledPackage | PinnedPackage;
  environment: Record<string, string>;
  writable: WritableFolder[];
};

declare const sandboxed: unique symbol;

/** A command that may be started: only `sandboxCommand` makes one, so nothing can be spawned around the rule of invariant 14. */
export type SandboxCommand = {
  file: string;
  args: string[];
  cwd: string;
  /** Handed to `entry.mjs` on descriptor 3. */
  start: { file: string; args: string[]; environment: Record<string, string> };
  readonly [sandboxed]: true;
};

/** A launch that is refused: `no_sandbox` (a package outside the demo's pinned ones), `invalid_launch` (environment or folders). */
export class LaunchRefused extends Error {
  readonly code: "no_sandbox" | "invalid_launch";
  constructor(code: LaunchRefused["code"]) {
    super(code);
    this.name = "LaunchRefused";
    this.code = code;
  }
}

const devices = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];
const entryFile = join(import.meta.dirname, "entry.mjs");
const heapMegabytes = 512;
const systemFolders = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin";

/** All that the programs which build a sandbox get of an environment. */
export const launcherEnvironment: NodeJS.ProcessEnv = { NODE_ENV: "production", PATH: systemFolders, LC_ALL: "C" };

// Says "apart" only from a process that is not root, sees no network but its own loopback and no file of the host's.
const trial = `
  const inside = Object.values(require("os").networkInterfaces()).flat().every((one) => one.internal);
  process.getuid() !== 0 && inside && !require("fs").existsSync("/etc") ? "apart" : "not apart"`;

const details: Record<Sandbox["kind"], string> = {
  bubblewrap: "Own user, mount, process, network and IPC namespaces (bubblewrap); no network; read-only program.",
  unshare: "Own user id and mount, process, network and IPC namespaces (util-linux); no network; read-only program.",
  none: "Nothing isolates a server here, so only the demo's pinned packages start. Install bubblewrap on Linux.",
};

let described: Promise<Sandbox> | undefined;
let runtime: Promise<Bind[]> | undefined;

/** The strongest sandbox that works here, found once per process by really starting Node in it. */
export function describeSandbox(): Promise<Sandbox> {
  described ??= detect();
  return described;
}

/**
 * The command that starts a program in a sandbox: read-only program, private /tmp, no network, no environment but the given one.
 * @throws LaunchRefused
 */
export async function sandboxCommand(sandbox: Sandbox, launch: Launch): Promise<SandboxCommand> {
  const { program, environment, writable } = launch;
  if (!valid(launch)) throw new LaunchRefused("invalid_launch");
  const base = { PATH: "/runtime", HOME: "/tmp", TMPDIR: "/tmp", LANG: "C.UTF-8" };
  if (sandbox.kind === "none") {
    if (program.origin !== "pinned") throw new LaunchRefused("no_sandbox");
    const mapped = (text: string) => onHost(text, writable);
    const values = Object.entries(environment).map(([name, value]) => [name, mapped(value)]);
    const start = {
      file: join(program.modules, program.entry),
      args: program.args.map(mapped),
      environment: { ...base, PATH: "", ...Object.fromEntries(values) },
    };
    return command({
      file: process.execPath,
      args: [`--max-old-space-size=${heapMegabytes}`, entryFile],
      cwd: "/",
      start,
    });
  }
  const binds: Bind[] = [
    { mode: "read", host: program.modules, inside: "/package/node_modules" },
    ...writable.map(({ host, inside }): Bind => ({ mode: "write", host, inside })),
  ];
  const start = {
    file: `/package/node_modules/${program.entry}`,
    args: program.args,
    environment: { ...base, ...environment },
  };
  const inner = [`--max-old-space-size=${heapMegabytes}`, "/runtime/entry.mjs"];
  return command({ ...(await wrapped(sandbox.kind, binds, inner)), cwd: "/", start });
}

function command(parts: Omit<SandboxCommand, typeof sandboxed>): SandboxCommand {
  return parts as SandboxCommand;
}

async function wrapped(kind: "bubblewrap" | "unshare", binds: Bind[], nodeArguments: string[]) {
  runtime ??= findRuntime();
  const all = [...(await runtime), ...binds];
  const program = ["/runtime/node", ...nodeArguments];
  if (kind === "unshare") return { file: await findProgram("setpriv"), args: unshareArguments(all, program) };
  return { file: await findProgram("bwrap"), args: bubblewrapArguments(all, program) };
}

// Node, the two programs that set limits and drop rights, their libraries, four devices: all of the host that a server sees.
async function findRuntime(): Promise<Bind[]> {
  const [prlimit, setpriv] = await Promise.all([findProgram("prlimit"), findProgram("setpriv")]);
  const libraries = await Promise.all([process.execPath, prlimit, setpriv].map(librariesOf));
  return [
    { mode: "read", host: process.execPath, inside: "/runtime/node" },
    { mode: "read", host: prlimit, inside: "/runtime/prlimit" },
    { mode: "read", host: setpriv, inside: "/runtime/setpriv" },
    { mode: "read", host: entryFile, inside: "/runtime/entry.mjs" },
    ...[...new Set(libraries.flat())].map((path): Bind => ({ mode: "read", host: path, inside: path })),
    ...devices.map((path): Bind => ({ mode: "device", host: path, inside: path })),
  ];
}

// Started by root, bwrap would leave the server root's user id on the host, and with it every setting under /proc/sys.
async function detect(): Promise<Sandbox> {
  const kind = process.getuid?.() === 0 ? "unshare" : "bubblewrap";
  if (process.platform === "linux" && (await works(kind))) return { kind, detail: details[kind] };
  return { kind: "none", detail: details.none };
}

async function works(kind: "bubblewrap" | "unshare"): Promise<boolean> {
  try {
    const { file, args } = await wrapped(kind, [], ["-p", trial]);
    const { stdout } = await promisify(execFile)(file, args, { timeout: 20_000, env: launcherEnvironment, cwd: "/" });
    return stdout.trim() === "apart";
  } catch {
    return false;
  }
}

async function findProgram(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", 'command -v "$1"', "sh", name], {
    env: launcherEnvironment,
  });
  return stdout.trim();
}

// The dynamic linker's own answer; a statically linked program has none.
async function librariesOf(program: string): Promise<string[]> {
  const answer = promisify(execFile)("ldd", [program], { env: launcherEnvironment });
  const { stdout } = await answer.catch(() => ({ stdout: "" }));
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

function valid({ environment, writable }: Launch): boolean {
  const names = Object.keys(environment);
  return (
    names.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^(LD_|NODE_OPTIONS$|PATH$)/.test(name)) &&
    writable.every(
      ({ inside, host }) => /^\/data(\/[a-z0-9._-]+)*$/i.test(inside) && !inside.includes("..") && host.startsWith("/"),
    )
  );
}

function onHost(text: string, writable: readonly WritableFolder[]): string {
  const folder = writable.find(({ inside }) => text === inside || text.startsWith(`${inside}/`));
  return folder ? folder.host + text.slice(folder.inside.length) : text;
}
