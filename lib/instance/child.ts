import { spawn } from "node:child_process";
import { openSync, renameSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const backoffMsMin = 250;
const backoffMsMax = 10_000;
const steadyAfterMs = 30_000;
const drainMs = 20_000;
const logBytesMax = 10_000_000;

/** A program of the instance: Node running `args` with exactly the environment `env`. */
export interface ChildSpec {
  name: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** A program that is started again (0.25 to 10 s later) whenever it ends unasked. */
export interface SupervisedChild {
  name: string;
  /** How often in a row it ended before it had run for 30 s. */
  failures(): number;
  /** The last lines of its log, for a person. */
  logTail(): Promise<string>;
  /** SIGTERM, and SIGKILL after 20 s; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): void;
}

/** Starts a child. What it prints goes to `<logsDir>/<name>.log`, of which one older part of 10 MB is kept. */
export function startChild(
  { name, args, env }: ChildSpec,
  logsDir: string,
  say: (sentence: string) => void,
): SupervisedChild {
  const log = join(logsDir, `${name}.log`);
  let failures = 0;
  let stopping = false;
  let waiting: NodeJS.Timeout | undefined;
  let exited: Promise<void>;
  let current = launch();

  function launch() {
    const startedAt = Date.now();
    const output = openLog(log);
    // A process group of its own: Ctrl-C reaches the supervisor alone, which stops everybody in order.
    const child = spawn(process.execPath, args, { cwd: root, env, detached: true, stdio: ["ignore", output, output] });
    exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve();
        if (stopping) return;
        failures = Date.now() - startedAt < steadyAfterMs ? failures + 1 : 1;
        const waitMs = Math.min(backoffMsMin * 2 ** (failures - 1), backoffMsMax);
        say(`${name} ended (${signal ?? code}); starting it again in ${waitMs / 1000} s. Its log is ${log}.`);
        waiting = setTimeout(() => {
          current = launch();
        }, waitMs);
      });
    });
    return child;
  }

  return {
    name,
    failures: () => failures,
    logTail: async () => (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-8).join("\n"),
    async stop() {
      stopping = true;
      clearTimeout(waiting);
      current.kill("SIGTERM");
      const last = setTimeout(() => current.kill("SIGKILL"), drainMs);
      await exited;
      clearTimeout(last);
    },
    kill() {
      stopping = true;
      clearTimeout(waiting);
      current.kill("SIGKILL");
    },
  };
}

function openLog(log: string): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) renameSync(log, `${log}.1`);
  return openSync(log, "a", 0o600);
}
