import { type SpawnOptions, spawn } from "node:child_process";

/**
 * Runs a program to its end and returns what it printed to stdout.
 * @throws Error with the program's name and the end of its output when it fails
 */
export function run(command: string, args: string[], options: Omit<SpawnOptions, "stdio">): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let all = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk;
      all += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      all += chunk;
    });
    child.once("error", (error) => reject(new Error(`${command} did not run: ${error.message}`, { cause: error })));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} failed (${signal ?? code}): ${all.trim().slice(-2_000)}`));
    });
  });
}
