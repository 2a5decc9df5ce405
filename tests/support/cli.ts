import { spawn } from "node:child_process";
import { join } from "node:path";
import { processEnvironment } from "#lib/platform/env.ts";

/** The command line as a process of its own, without a terminal. */
export async function runAmbit(args: readonly string[], cwd: string, settings: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../lib/cli/main.ts"), ...args], {
    cwd,
    env: { NODE_ENV: "production", NODE_NO_WARNINGS: "1", PATH: processEnvironment().PATH, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, ...texts };
}
