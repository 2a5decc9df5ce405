import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseLeaf } from "#lib/core/log/leaf.ts";
import { parseVkey } from "#lib/core/log/note.ts";
import { ensureKeys } from "#lib/instance/keys.ts";
import { markInstance } from "#lib/instance/mark.ts";
import { instanceProcesses } from "#lib/instance/processes.ts";
import { isSetupOpen, issueCode } from "#lib/instance/setup-code.ts";
import { readEnv } from "#lib/platform/env.ts";
import { createTestDatabase, execute } from "#tests/support/db.ts";

const database = await createTestDatabase();
const dir = await mkdtemp(join(tmpdir(), "ambit-first-"));
const sha256 = (data: Uint8Array) => new Uint8Array(createHash("sha256").update(data).digest());

afterAll(async () => {
  await database.drop();
  await rm(dir, { recursive: true });
});

test("an instance is marked once: later settings change nothing, and another's database is refused", async () => {
  const bare = readEnv({ AMBIT_DATA_DIR: dir });
  const mark = await markInstance(bare, database.ownerUrl);
  expect(mark.mode).toBe("demo");
  const later = readEnv({
    AMBIT_DATA_DIR: dir,
    AMBIT_DEMO: "0",
    OIDC_ISSUER: "https://id.example",
    DATABASE_URL: database.ownerUrl,
  });
  expect(await markInstance(later, database.ownerUrl)).toEqual(mark);
  await expect(
    markInstance(readEnv({ AMBIT_DATA_DIR: dir, AMBIT_HOST: "0.0.0.0" }), database.ownerUrl),
  ).rejects.toThrow(/loopback only/);
  const other = await createTestDatabase();
  await execute(other.ownerUrl, "insert into instance (id, mode, log_origin) values (1, 'production', 'other')");
  await expect(markInstance(bare, other.ownerUrl)).rejects.toThrow(/different instances/);
  await other.drop();
});

test("an instance with a database or an identity provider of its own is no demo unless it says so", async () => {
  for (const [settings, mode] of [
    [{ DATABASE_URL: "postgresql://x/y" }, "production"],
    [{ OIDC_ISSUER: "https://id.example" }, "production"],
    [{ AMBIT_HOST: "0.0.0.0" }, "production"],
    [{ AMBIT_DEMO: "0" }, "production"],
    [{ AMBIT_DEMO: "1", DATABASE_URL: "postgresql://x/y" }, "demo"],
  ] as const) {
    const copy = await createTestDatabase();
    const dataDir = await mkdtemp(join(dir, "mark-"));
    expect((await markInstance(readEnv({ ...settings, AMBIT_DATA_DIR: dataDir }), copy.ownerUrl)).mode).toBe(mode);
    await copy.drop();
  }
});

test("keys are made once, private ones are private, and the public halves belong to them", async () => {
  await ensureKeys(dir, "ambit/test");
  const files = (await readdir(join(dir, "keys"), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const before = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
  await ensureKeys(dir, "ambit/test");
  expect(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))).toEqual(before);
  for (const { parentPath, name } of files.filter((file) => !file.parentPath.endsWith("public"))) {
    expect((await stat(join(parentPath, name))).mode & 0o777).toBe(0o600);
  }
  const vkey = parseVkey(sha256, (await readFile(join(dir, "keys/public/log.vkey"), "utf8")).trim());
  const log = createPublicKey(createPrivateKey(await readFile(join(dir, "keys/worker/log-ed25519.pem"))));
  expect(Buffer.from(vkey.publicKey).toString("base64url")).toBe(log.export({ format: "jwk" }).x);
});

test("each program learns only its own settings", () => {
  const settings = readEnv({ AMBIT_DATA_DIR: dir, SMTP_URL: "smtp://mail", OIDC_CLIENT_SECRET: "of-the-web-app" });
  const mark = { mode: "demo", logOrigin: "ambit/test" } as const;
  const [web, gateway, worker] = instanceProcesses(settings, database.ownerUrl, mark, "session-secret", false);
  const password = new URL(database.ownerUrl).password;
  for (const process of [web, gateway, worker]) expect(JSON.stringify(process)).not.toContain(password);
  expect(JSON.stringify(web)).not.toMatch(/ambit_gateway|ambit_log|smtp:/);
  expect(JSON.stringify(gateway)).not.toMatch(/ambit_app|ambit_log|smtp:|session-secret|of-the-web-app/);
  expect(JSON.stringify(worker)).not.toMatch(/ambit_gateway|session-secret|of-the-web-app/);
});

test("a setup code is kept as a digest only, ends after 15 minutes and is an event of the log", async () => {
  expect(await isSetupOpen(database.ownerUrl)).toBe(true);
  const code = await issueCode(database.ownerUrl, "setup");
  const rows = await execute(
    database.ownerUrl,
    "select id, code_hash, purpose, extract(epoch from expires_at - created_at)::int as seconds from setup_code",
  );
  const digest = createHash("sha256").update(code).digest("hex");
  expect(rows).toEqual([{ id: rows[0]?.id, code_hash: digest, purpose: "setup", seconds: 900 }]);
  const [event] = await execute(database.ownerUrl, "select leaf from audit_event where type = 'setup.started'");
  expect(parseLeaf(new Uint8Array(event?.leaf as Buffer))).toMatchObject({
    subjects: [rows[0]?.id],
    data: { purpose: "setup" },
  });
  expect(String(event?.leaf)).not.toContain(code);
});
