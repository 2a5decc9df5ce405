import { type SpawnOptions, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Runs a program to its end and returns what it printed to stdout.
 * @param onLine hears each line of stdout as it comes
 * @throws Error with the program's name and the end of its output when it fails
 */
export function run(
  command: string,
  args: string[],
  options: Omit<SpawnOptions, "stdio">,
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    createInterface({ input: child.stdout }).on("line", onLine);
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
