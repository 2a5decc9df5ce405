// `npm test`: on a fresh machine it installs what it needs first; then every vitest test, then the browser's journeys.
// With arguments (`npm test -- tests/core`) it hands them to vitest and leaves the journeys out.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeBinary, root, runToEnd } from "./install.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

const chromium = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

await import("./ready.mjs");
ensureSystemPackages();
const filters = process.argv.slice(2);
const vitest = await node("node_modules/vitest/vitest.mjs", "run", ...filters);
const journeys = filters.length === 0 ? await runJourneys() : 0;
process.stdout.write(`vitest ${wordOf(vitest)}, journeys ${filters.length === 0 ? wordOf(journeys) : "left out"}\n`);
process.exitCode = vitest || journeys;

/** The journeys, in Chromium against an instance of their own. */
async function runJourneys() {
  if (!existsSync(chromium)) {
    process.stderr.write(
      `The journeys did not run: there is no Chromium at ${chromium}. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.\n`,
    );
    return 1;
  }
  return node("lib/instance/with-instance.mjs", "node_modules/@playwright/test/cli.js", "test");
}

function node(path, ...args) {
  return runToEnd(nodeBinary, [join(root, path), ...args], {});
}

function wordOf(code) {
  return code === 0 ? "passed" : "failed";
}
