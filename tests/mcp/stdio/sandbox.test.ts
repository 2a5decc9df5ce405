import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PinnedPackage } from "#lib/mcp/package/pinned.ts";
import { describeSandbox, type Launch, type Sandbox, sandboxCommand } from "#lib/mcp/stdio/sandbox.ts";
import { openSession, type StdioSession } from "#lib/mcp/stdio/session.ts";
import { call, hostileProgram } from "#tests/mcp/stdio/hostile-program.ts";

type Attempt = { reached: boolean; value: unknown };
type Report = {
  files: Attempt[];
  folders: Attempt[];
  environs: Attempt[];
  roots: Attempt[];
  kills: Attempt[];
  writes: Attempt[];
  processes: string[];
  ports: boolean[];
  sockets: boolean[];
  interfaces: number;
  user: number;
  capabilities: string;
  bounding: string;
  noNewPrivileges: string;
  shell: boolean;
};

const sandbox = await describeSandbox();
const none: Sandbox = { kind: "none", detail: "" };
const program = await hostileProgram();
const key = randomUUID();
let dataDir: string;
let port: Server;
let socket: Server;
let connections = 0;
const open: StdioSession[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "ambit-data-"));
  writeFileSync(join(dataDir, "signing.key"), key, { mode: 0o600 });
  mkdirSync(join(dataDir, "writable"));
  const count = (client: { destroy(): void }) => {
    connections += 1;
    client.destroy();
  };
  port = createServer(count);
  socket = createServer(count);
  await new Promise<void>((listening) => port.listen(0, "127.0.0.1", listening));
  await new Promise<void>((listening) => socket.listen(join(dataDir, "socket"), listening));
  chmodSync(join(dataDir, "socket"), 0o777);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
  connections = 0;
});

afterAll(() => {
  port.close();
  socket.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(sandbox: Sandbox, launch: Partial<Launch> = {}, mode = "attack"): Promise<StdioSession> {
  const command = await sandboxCommand(sandbox, { program: program(mode), environment: {}, writable: [], ...launch });
  const session = await openSession(command);
  open.push(session);
  return session;
}

function attack(session: StdioSession): Promise<Report> {
  return call<Report>(session, "attack", {
    files: [
      join(dataDir, "signing.key"),
      "/etc/passwd",
      "/etc/shadow",
      `/proc/1/root${dataDir}/signing.key`,
      "../../signing.key",
    ],
    folders: [dataDir, "/etc", "/root", "/home", "/sys", process.cwd(), tmpdir() === "/tmp" ? "/var" : tmpdir()],
    pids: [process.pid, process.ppid],
    ports: [(port.address() as AddressInfo).port],
    sockets: [join(dataDir, "socket")],
  });
}

const reached = (attempts: Attempt[]) => attempts.filter((one) => one.reached);

it("this machine can isolate a stdio server", () => {
  expect(sandbox.kind).toBe(process.getuid?.() === 0 ? "unshare" : "bubblewrap");
});

it("the attacks do reach their targets where nothing isolates the server", async () => {
  const unprotected = { ...program("attack"), origin: "pinned" } as unknown as PinnedPackage;
  const report = await attack(await start(none, { program: unprotected }));
  expect(report.files[0]).toEqual({ reached: true, value: key });
  expect(report.kills[0]?.reached).toBe(true);
  expect([report.ports, report.sockets]).toEqual([[true], [true]]);
  expect(connections).toBe(2);
});

it("without a sandbox only the demo's pinned packages start", async () => {
  const launch: Launch = { program: program("attack"), environment: {}, writable: [] };
  await expect(sandboxCommand(none, launch)).rejects.toMatchObject({ code: "no_sandbox" });
});

it.each([
  { environment: { LD_PRELOAD: "/package/x.so" } },
  { environment: { NODE_OPTIONS: "--require=/package/x" } },
  { environment: { "A=B": "x" } },
  { writable: [{ host: "/srv", inside: "/data/../runtime" }] },
  { writable: [{ host: "/srv", inside: "/package" }] },
  { writable: [{ host: "relative", inside: "/data" }] },
])("refuses a launch that would reach into the sandbox's own parts: %j", async (wrong) => {
  const launch: Launch = { program: program("attack"), environment: {}, writable: [], ...wrong };
  await expect(sandboxCommand({ kind: "bubblewrap", detail: "" }, launch)).rejects.toMatchObject({
    code: "invalid_launch",
  });
});

describe(`a hostile server in ${sandbox.kind}`, () => {
  it("reaches no key, file, process or port of ours", async () => {
    const report = await attack(await start(sandbox));
    expect(reached(report.files)).toEqual([]);
    expect(reached(report.folders)).toEqual([]);
    expect(reached(report.environs).filter(({ value }) => value !== "")).toEqual([]);
    expect(reached(report.kills)).toEqual([]);
    expect(JSON.stringify(report)).not.toContain(key);
    expect(report.processes.length).toBeLessThanOrEqual(2);
    expect([report.ports, report.sockets, report.interfaces]).toEqual([[false], [false], 0]);
    expect(connections).toBe(0);
    expect(report.shell).toBe(false);
  });

  it("holds no privilege and changes no file of its own program", async () => {
    const report = await attack(await start(sandbox));
    expect(report.user).not.toBe(0);
    expect(report).toMatchObject({
      capabilities: "0000000000000000",
      bounding: "0000000000000000",
      noNewPrivileges: "1",
    });
    expect(reached(report.writes)).toEqual([]);
  });

  it("sees no other server's process and cannot write another's files", async () => {
    const [one, other] = await Promise.all([start(sandbox), start(sandbox, {}, "attack-too")]);
    const [report] = await Promise.all([attack(one), attack(other)]);
    expect(report.processes.length).toBeLessThanOrEqual(2);
    const files = ["/tmp/mark", "/data/mark"];
    expect(await call(one, "write", { files })).toMatchObject([{ reached: true }, { reached: false }]);
    expect(existsSync("/tmp/mark")).toBe(false);
    const { files: seen } = await call<Report>(other, "attack", {
      files,
      folders: [],
      pids: [],
      ports: [],
      sockets: [],
    });
    expect(reached(seen)).toEqual([]);
  });

  it("gets exactly the given environment, which stands in no command line", async () => {
    const secret = randomUUID();
    const session = await start(sandbox, { environment: { SERVER_SECRET: secret } });
    const seen = await call<{ environment: Record<string, string>; argv: string[] }>(session, "environment");
    expect(seen.environment).toEqual({
      PATH: "/runtime",
      HOME: "/tmp",
      TMPDIR: "/tmp",
      LANG: "C.UTF-8",
      SERVER_SECRET: secret,
    });
    expect(execFileSync("ps", ["axeww"], { encoding: "utf8" })).not.toContain(secret);
  });

  it("writes only into the folders that it was given", async () => {
    const folder = join(dataDir, "writable");
    const session = await start(sandbox, { writable: [{ host: folder, inside: "/data/notes" }] });
    const files = ["/data/notes/mine", "/data/other", `${folder}/direct`];
    const written = await call<Attempt[]>(session, "write", { files });
    expect(written.map((one) => one.reached)).toEqual([true, false, false]);
    expect(readFileSync(join(folder, "mine"), "utf8")).toBe("written by the server");
    rmSync(join(folder, "mine"));
  });

  it("cannot exhaust processes or memory of the machine", async () => {
    const bomb = await call<{ started: number }>(await start(sandbox), "forkBomb").catch(() => ({ started: 0 }));
    expect(bomb.started).toBeLessThan(96);
    const greedy = await start(sandbox);
    await expect(call(greedy, "memory")).rejects.toMatchObject({ name: "CallInterrupted", sent: true });
  });

  it("leaves no process behind, not even one that it detached or that ignores SIGTERM", async () => {
    const before = descendants(process.pid);
    const session = await start(sandbox, {}, "stubborn");
    await call(session, "orphan");
    const processes = descendants(process.pid).filter((pid) => !before.includes(pid));
    expect(processes.length).toBeGreaterThan(2);
    await session.close();
    await expect.poll(() => processes.filter(alive)).toEqual([]);
  });

  it("ends when the process that started it is killed", async () => {
    const script = `
      const { describeSandbox, sandboxCommand } = await import("#lib/mcp/stdio/sandbox.ts");
      const { openSession } = await import("#lib/mcp/stdio/session.ts");
      const launch = JSON.parse(process.argv[1]);
      await openSession(await sandboxCommand(await describeSandbox(), launch));
      process.stdout.write("started");`;
    const launch = { program: program("stubborn"), environment: {}, writable: [] };
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script, JSON.stringify(launch)]);
    await once(parent.stdout, "data");
    const processes = descendants(parent.pid ?? 0);
    expect(processes.length).toBeGreaterThan(0);
    parent.kill("SIGKILL");
    await expect.poll(() => processes.filter(alive)).toEqual([]);
  });
});

function descendants(pid: number): string[] {
  const rows = execFileSync("ps", ["axo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = rows.map((row) => row.trim().split(/\s+/));
  const found = [`${pid}`];
  for (const parent of found) for (const [child, of] of pairs) if (of === parent && child) found.push(child);
  return found.slice(1).filter(alive);
}

function alive(pid: string): boolean {
  // A zombie waits for the machine's init, which may take its time.
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
