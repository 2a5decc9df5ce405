import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { pinnedPackage } from "#lib/mcp/package/pinned.ts";
import { probePackage } from "#lib/mcp/stdio/probe.ts";
import { describeSandbox, sandboxCommand } from "#lib/mcp/stdio/sandbox.ts";
import { openSession, type StdioSession } from "#lib/mcp/stdio/session.ts";
import { call, hostileProgram } from "#tests/mcp/stdio/hostile-program.ts";

const sandbox = await describeSandbox();
const program = await hostileProgram();
const open: StdioSession[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

async function start(mode = "attack"): Promise<StdioSession> {
  const environment = { SERVER_SECRET: "sesame" };
  const session = await openSession(
    await sandboxCommand(sandbox, { program: program(mode), environment, writable: [] }),
  );
  open.push(session);
  return session;
}

describe("one stdio process used by several callers", () => {
  it("gives each caller its own answer, under its own id, however they interleave", async () => {
    const session = await start();
    const ids = ["same", "same", 7, 7, "\\u00e9\\"];
    const answers = await Promise.all(
      ids.map((id, index) => {
        const params = { name: "echo", arguments: { index, ms: 60 - index * 10 } };
        return session.forward({ id, method: "tools/call", params }, { timeoutMs: 5_000, signal: never });
      }),
    );
    for (const [index, { text }] of answers.entries()) {
      const parsed = JSON.parse(text);
      expect(parsed.id).toBe(ids[index]);
      expect(JSON.parse(parsed.result.content[0].text).index).toBe(index);
    }
  });

  it("gives the answer as the server wrote it, but for the id", async () => {
    const session = await start();
    const params = { name: "echo", arguments: { id: 'x"}' } };
    const answer = await session.forward(
      { id: "a-1", method: "tools/call", params },
      { timeoutMs: 5_000, signal: never },
    );
    expect(answer.text).toMatch(/^\{"jsonrpc":"2.0","id":"a-1","result":\{"content":\[.*\],"odd":1\}\}$/);
  });

  it("routes progress to the caller who asked for it, under the caller's own token", async () => {
    const session = await start();
    const heard: string[][] = [[], []];
    await Promise.all(
      heard.map((list) => {
        const params = { name: "echo", arguments: {}, _meta: { progressToken: "token" } };
        const bounds = { timeoutMs: 5_000, signal: never, onProgress: (raw: string) => list.push(raw) };
        return session.forward({ id: 1, method: "tools/call", params }, bounds);
      }),
    );
    for (const list of heard) expect(list.map((raw) => JSON.parse(raw).params.progressToken)).toEqual(["token"]);
  });

  it("refuses what the server asks of callers, and tells when its lists changed", async () => {
    const session = await start();
    const changed: string[] = [];
    session.onListChanged((method) => changed.push(method));
    await call(session, "ask");
    expect(changed).toEqual(["notifications/tools/list_changed"]);
    expect(await call(session, "echo", { still: "answers" })).toEqual({ still: "answers" });
  });

  it("ends a call at its time and at the caller's wish, and tells the server with the server's id", async () => {
    const session = await start();
    const params = { name: "never", arguments: {} };
    const late = session.forward({ id: 1, method: "tools/call", params }, { timeoutMs: 100, signal: never });
    await expect(late).rejects.toMatchObject({ code: "timeout" });
    const signal = AbortSignal.timeout(100);
    const stopped = session.forward({ id: 1, method: "tools/call", params }, { timeoutMs: 5_000, signal });
    await expect(stopped).rejects.toMatchObject({ name: "CallInterrupted", sent: true });
    expect(session.pending()).toBe(0);
  });
});

describe("a server that misbehaves", () => {
  it("fails the calls that wait when its process ends, and says that they may have been executed", async () => {
    const session = await start();
    const waiting = call(session, "never");
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ name: "CallInterrupted", sent: true }),
      expect(call(session, "crash")).rejects.toMatchObject({ sent: true }),
    ]);
    expect(await session.exited).toMatchObject({ reason: "exited" });
    await expect(call(session, "echo")).rejects.toMatchObject({ name: "CallInterrupted", sent: false });
  });

  it("is ended when it writes a line of 50 MB", async () => {
    const session = await start();
    await expect(call(session, "longLine")).rejects.toMatchObject({ code: "too_large" });
    expect(await session.exited).toMatchObject({ reason: "line_too_large" });
  });

  it("may write noise to stdout, and its stderr reaches no caller", async () => {
    const session = await start();
    expect(await call(session, "echo", { text: "hello" })).toEqual({ text: "hello" });
    expect(session.skippedLines()).toBe(2);
    expect(session.stderrTail()).toContain("sesame");
    expect(JSON.stringify(session.initialized)).not.toContain("sesame");
  });

  it("is given up after 15 seconds without an answer to initialize, even when it ignores SIGTERM", async () => {
    const before = performance.now();
    await expect(start("mute")).rejects.toMatchObject({ code: "timeout" });
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it("is reported when it ends before it answers", async () => {
    await expect(start("crash-at-start")).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe("the demo's pinned servers in the sandbox", () => {
  it.each([
    ["@modelcontextprotocol/server-everything", ["stdio"]],
    ["@modelcontextprotocol/server-filesystem", ["/tmp"]],
    ["@modelcontextprotocol/server-memory", []],
  ])("%s starts and tells its tools", async (name, args) => {
    const pinned = pinnedPackage(name, "2026.8.31", args);
    if (!pinned) throw new Error("not pinned");
    const identity = { name, version: pinned.version, integrity: "", lockDigest: "", argv: [] };
    const snapshot = await probePackage({ program: pinned, environment: {}, writable: [] }, identity, never);
    expect(snapshot.capabilities.filter(({ kind }) => kind === "tool").length).toBeGreaterThan(5);
  });

  it.each([sandbox, { kind: "none", detail: "" } as const])("write only their own folder, in $kind", async (where) => {
    const host = await mkdtemp(join(tmpdir(), "ambit-files-"));
    const pinned = pinnedPackage("@modelcontextprotocol/server-filesystem", "2026.8.31", ["/data/demo"]);
    if (!pinned) throw new Error("not pinned");
    await writeFile(join(host, "seed.txt"), "from the host");
    const writable = [{ host, inside: "/data/demo" }];
    const session = await openSession(await sandboxCommand(where, { program: pinned, environment: {}, writable }));
    open.push(session);
    const channel = session.channel();
    const bounds = { timeoutMs: 5_000, signal: never };
    const folder = where.kind === "none" ? host : "/data/demo";
    const read = { name: "read_text_file", arguments: { path: `${folder}/seed.txt` } };
    expect(JSON.stringify(await channel.request("tools/call", read, bounds))).toContain("from the host");
    const write = { name: "write_file", arguments: { path: `${folder}/note.txt`, content: "from the server" } };
    await channel.request("tools/call", write, bounds);
    expect(await readFile(join(host, "note.txt"), "utf8")).toBe("from the server");
    await rm(host, { recursive: true });
  });

  it("are no other package and no other version", () => {
    expect(pinnedPackage("@modelcontextprotocol/server-memory", "2026.8.30", [])).toBeNull();
    expect(pinnedPackage("undici", "8.12.4", [])).toBeNull();
  });
});
