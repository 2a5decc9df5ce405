// `npm start`, on whatever Node (20 or newer) the machine has: installs what is missing and hands over to Ambit's own Node.
import { join } from "node:path";
import { ensureInstalled, nodeBinary, root, runToEnd } from "./install.mjs";

try {
  await ensureInstalled();
  const args = [join(root, "lib/instance/supervise.ts"), ...process.argv.slice(2)];
  process.exitCode = await runToEnd(nodeBinary, args, { cwd: process.cwd() });
} catch (error) {
  process.stderr.write(`Ambit did not start: ${error.message}\n`);
  process.exitCode = 1;
}
