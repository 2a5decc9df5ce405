// `npm test`: on a fresh machine it installs what it needs first; then every vitest test, then the browser's journeys.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, root, runToEnd } from "./install.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

await import("./ready.mjs");
ensureSystemPackages();
const node = (path, ...args) => runToEnd(nodeBinary, [join(root, path), ...args], {});
const vitest = await node("node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2));
const hasJourneys = existsSync(join(root, "playwright.config.ts")) && process.argv.length === 2;
const journeys = hasJourneys
  ? await node("lib/instance/with-instance.mjs", "node_modules/@playwright/test/cli.js", "test")
  : 0;
process.exitCode = vitest || journeys;
