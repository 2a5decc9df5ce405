// Plain JavaScript for Node 20 without a dependency: it runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Ambit's own Node (24), which npm installed. */
export const nodeBinary = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

/**
 * Installs exactly the locked versions, development dependencies included, when what is installed is not what package-lock.json says.
 * Not `npm ci`: it refuses a lock that lacks optional packages of other platforms (docs/decisions/0002-install.md).
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  process.stdout.write("Installing dependencies; the first time this takes a minute or two …\n");
  const npm = process.env.npm_execpath;
  const args = ["install", "--include=dev", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const code =
    npm === undefined
      ? await runToEnd("npm", args, { shell: process.platform === "win32" })
      : await runToEnd(process.execPath, [npm, ...args], {});
  if (code !== 0) throw new Error("npm install failed; its messages are above.");
}

/** Runs a program in the foreground, passes signals on to it, and resolves with its exit code. */
export function runToEnd(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.once("error", reject);
    child.once("exit", (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

function isInstalled() {
  const installed = packagesOf("node_modules/.package-lock.json");
  return (
    existsSync(nodeBinary) &&
    Object.entries(packagesOf("package-lock.json")).every(
      ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
    )
  );
}

function packagesOf(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}
