// Makes a fresh clone ready for `npm run check`, `npm test` and the benches: dependencies and Prisma's client.
import { join } from "node:path";
import { ensureInstalled, nodeBinary, root, runToEnd } from "./install.mjs";

await ensureInstalled();
process.exitCode = await runToEnd(nodeBinary, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
  stdio: ["ignore", "ignore", "inherit"],
});
