import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * Starts a program that prints its port as its first line.
 * @param children the child is added here, for `endChildren`
 */
export async function startChild(args: readonly string[], children: ChildProcess[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], cwd: root });
  children.push(child);
  return new Promise((resolve) => child.stdout.once("data", (line: Buffer) => resolve(Number(String(line)))));
}

/** Ends children and waits until they are gone. */
export async function endChildren(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
  }
}

/** Until a gateway answers that it is well, at most 30 s. */
export async function healthy(url: string): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const isOk = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isOk) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The gateway did not start.");
}
