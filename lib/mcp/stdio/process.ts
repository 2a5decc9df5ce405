import { spawn } from "node:child_process";
import { Writable } from "node:stream";
import { launcherEnvironment, type SandboxCommand } from "#lib/mcp/stdio/sandbox.ts";

/** Why a process ended: we closed it, it ended or crashed on its own, it could not be started, it wrote an endless line, it does not read. */
export type ExitReason = "closed" | "exited" | "not_started" | "line_too_large" | "not_reading";

/** How a process ended; `signal` or `code` as the operating system says. */
export type ProcessExit = { reason: ExitReason; code: number | null; signal: string | null };

/** One running stdio server: newline-delimited JSON both ways (MCP, transports, stdio). */
export type StdioProcess = {
  readonly pid: number | undefined;
  /** Sends one message; a newline is added. False when the process is gone or does not read (then it is ended). */
  send(raw: string): boolean;
  /** Ends the process: end of input, after a grace period SIGTERM, then SIGKILL to the whole group. Never throws. */
  close(): Promise<ProcessExit>;
  /** Settles when the process and its output are gone. */
  readonly exited: Promise<ProcessExit>;
  /** The end of what the server wrote to stderr: for diagnosis by operators only, never for callers. */
  stderrTail(): string;
  /** Lines on stdout that were no JSON object. */
  skippedLines(): number;
};

/** Bounds of a process: bytes of one line, of unread input, of kept stderr; milliseconds before SIGTERM and before SIGKILL. */
export const processLimits = {
  lineMax: 10 * 1024 * 1024,
  unreadMax: 16 * 1024 * 1024,
  stderrKept: 16 * 1024,
  inputEndMs: 500,
  termMs: 2_000,
} as const;

const newline = 0x0a;
const brace = 0x7b;

/**
 * Starts a server in its sandbox, in a process group of its own, without a shell.
 * @param onMessage gets each line that looks like a JSON object, without its newline
 */
export function startProcess(command: SandboxCommand, onMessage: (raw: Buffer) => void): StdioProcess {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: launcherEnvironment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  let reason: ExitReason = "exited";
  let gone = false;
  let stderr = Buffer.alloc(0);
  let skipped = 0;

  const kill = (signal: NodeJS.Signals) => {
    if (gone || child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has ended in the meantime.
    }
  };
  const abandon = (why: ExitReason) => {
    reason = why;
    kill("SIGKILL");
  };

  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("error", () => {
      if (child.pid !== undefined) return;
      gone = true;
      resolve({ reason: "not_started", code: null, signal: null });
    });
    // What the server left behind in its group must not outlive it.
    child.once("exit", () => kill("SIGKILL"));
    child.once("close", (code, signal) => {
      gone = true;
      resolve({ reason, code, signal });
    });
  });

  const start = child.stdio[3];
  if (start instanceof Writable) {
    start.on("error", ignore);
    start.end(JSON.stringify(command.start));
  }
  child.stdin.on("error", ignore);
  child.stdout.on("error", ignore);
  child.stderr.on("error", ignore);
  child.stderr.on("data", (part: Buffer) => {
    stderr = Buffer.concat([stderr, part]).subarray(-processLimits.stderrKept);
  });
  readLines(child.stdout, {
    line: (raw) => {
      if (raw[0] === brace) onMessage(raw);
      else if (raw.length > 0) skipped += 1;
    },
    tooLarge: () => abandon("line_too_large"),
  });

  return {
    pid: child.pid,
    exited,
    stderrTail: () => stderr.toString("utf8"),
    skippedLines: () => skipped,
    send(raw) {
      if (gone || !child.stdin.writable) return false;
      if (child.stdin.writableLength > processLimits.unreadMax) {
        abandon("not_reading");
        return false;
      }
      child.stdin.write(`${raw}\n`);
      return true;
    },
    async close() {
      if (!gone) {
        reason = "closed";
        child.stdin.end();
        const timers = [
          setTimeout(kill, processLimits.inputEndMs, "SIGTERM"),
          setTimeout(kill, processLimits.inputEndMs + processLimits.termMs, "SIGKILL"),
        ];
        await exited;
        for (const timer of timers) clearTimeout(timer);
      }
      return exited;
    },
  };
}

type LineListener = { line(raw: Buffer): void; tooLarge(): void };

function readLines(stream: NodeJS.ReadableStream, { line, tooLarge }: LineListener): void {
  let parts: Buffer[] = [];
  let size = 0;
  let ended = false;
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    while (!ended) {
      const end = chunk.indexOf(newline, from);
      const part = chunk.subarray(from, end === -1 ? chunk.length : end);
      size += part.length;
      if (size > processLimits.lineMax) {
        ended = true;
        parts = [];
        return tooLarge();
      }
      parts.push(part);
      if (end === -1) return;
      const whole = parts.length === 1 ? part : Buffer.concat(parts);
      parts = [];
      size = 0;
      line(whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole);
      from = end + 1;
    }
  });
}

function ignore(): void {
  // A broken pipe shows as the process's exit.
}
