#!/usr/bin/env node
// The command line runs on the Node 24 that the project installs, whatever Node starts it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const own = join(root, "node_modules/.bin/node");
const node = existsSync(own) ? own : process.execPath;
const { status, error } = spawnSync(
  node,
  ["--disable-warning=ExperimentalWarning", join(root, "lib/cli/main.ts"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
if (error) process.stderr.write(`${error.message}\n`);
process.exit(status ?? 1);
