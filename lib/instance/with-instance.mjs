// `node with-instance.mjs PROGRAM ARGS…` runs a program of this repository against an instance: the one that AMBIT_URL names, or a
// temporary demo instance of its own, on free ports, that is removed afterwards. Ends with the program's exit code.
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureInstalled, nodeBinary, root, runToEnd } from "./install.mjs";

const [program = "", ...args] = process.argv.slice(2);
await ensureInstalled();
process.exitCode = process.env.AMBIT_URL === undefined ? await withTemporaryInstance() : await run(process.env);

function run(env) {
  return runToEnd(nodeBinary, [join(root, program), ...args], { env });
}

async function withTemporaryInstance() {
  const dir = await mkdtemp(join(tmpdir(), "ambit-"));
  await chmod(dir, 0o755); // PostgreSQL's account has to get in
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const {
    DATABASE_URL,
    AMBIT_APP_DATABASE_URL,
    AMBIT_GATEWAY_DATABASE_URL,
    AMBIT_LOG_DATABASE_URL,
    NODE_ENV,
    ...machine
  } = process.env;
  const env = {
    ...machine,
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    AMBIT_DATA_DIR: join(dir, "data"),
    AMBIT_CONFIG_DIR: join(dir, "config"),
    AMBIT_HOST: "127.0.0.1",
    AMBIT_DEMO: "1",
  };
  const instance = spawn(nodeBinary, [join(root, "lib/instance/supervise.ts")], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise((resolve) => instance.once("exit", resolve));
  const stop = async () => {
    instance.kill("SIGINT");
    await gone;
    await rm(dir, { recursive: true, force: true });
  };
  const interrupted = () => stop().then(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    if (!(await isReady(instance, gone))) return 1;
    const urls = { AMBIT_URL: `http://127.0.0.1:${port}`, AMBIT_GATEWAY_URL: `http://127.0.0.1:${gatewayPort}` };
    return await run({ ...env, ...urls });
  } finally {
    await stop();
  }
}

function isReady(instance, gone) {
  const ready = new Promise((resolve) => {
    let text = "";
    instance.stdout.on("data", (chunk) => {
      text += chunk;
      process.stdout.write(chunk);
      if (text.includes("Ctrl-C stops everything")) resolve(true);
    });
  });
  return Promise.race([ready, gone.then(() => false)]);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
