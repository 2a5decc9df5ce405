import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "#lib/instance/ports.ts";
import { processEnvironment } from "#lib/platform/env.ts";

const root = join(import.meta.dirname, "../..");

async function start(settings: Record<string, string>) {
  const free = {
    PORT: String(await freePort()),
    GATEWAY_PORT: String(await freePort()),
    AMBIT_DATA_DIR: join(tmpdir(), "ambit-never"),
  };
  const { DATABASE_URL: _, ...machine } = processEnvironment();
  const child = spawn(process.execPath, [join(root, "lib/instance/start.mjs")], {
    cwd: root,
    env: { ...machine, ...free, ...settings },
  });
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, text };
}

test("a taken port is one sentence and exit 1", async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await start({ PORT: String(port) })).toEqual({
    code: 1,
    text: `Ambit did not start: Port ${port} on 127.0.0.1 is taken; stop what uses it or set PORT to another port.\n`,
  });
  server.close();
});

test("a data directory that cannot be written is one sentence and exit 1", async () => {
  const dir = await mkdtemp(join(tmpdir(), "ambit-start-"));
  const file = join(dir, "file");
  await writeFile(file, "");
  const { code, text } = await start({ AMBIT_DATA_DIR: file });
  expect(code).toBe(1);
  expect(text).toBe(
    `Ambit did not start: The data directory ${file} is not writable; set AMBIT_DATA_DIR to one that is.\n`,
  );
  await rm(dir, { recursive: true });
});

test("a database that does not answer is one sentence without its password and exit 1", async () => {
  const port = await freePort();
  const { code, text } = await start({ DATABASE_URL: `postgresql://owner:hunter2@127.0.0.1:${port}/ambit` });
  expect(code).toBe(1);
  expect(text).toMatch(
    /^Ambit did not start: The database 127\.0\.0\.1:\d+\/ambit of DATABASE_URL does not answer \(.*\)\.\n$/,
  );
  expect(text).not.toContain("hunter2");
});

test("a wrong setting is one sentence and exit 1", async () => {
  const { code, text } = await start({ PORT: "many" });
  expect(code).toBe(1);
  expect(text).toMatch(/^Ambit did not start: Settings are not valid\. PORT: .*\n$/);
});
