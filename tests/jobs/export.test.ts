import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#lib/core/canonical.ts";
import { utf8Text } from "#lib/core/log/bytes.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import { parseCsv } from "#lib/core/pack/csv.ts";
import { readZip } from "#lib/core/pack/read-zip.ts";
import { verifyPackZip } from "#lib/core/pack/verify.ts";
import type { Caller } from "#lib/core/permit.ts";
import { sha256 } from "#lib/domain/audit/tree.ts";
import { downloadPack } from "#lib/domain/evidence/download.ts";
import { beginPack } from "#lib/domain/evidence/work.ts";
import { execute } from "#lib/domain/execute.ts";
import { download } from "#lib/http/download.ts";
import { exportOnce, failAbandonedPacks } from "#lib/jobs/export.ts";
import { type Sequencer, startSequencer } from "#lib/jobs/sequencer.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { ed25519Verify } from "#tests/core/log/crypto.ts";
import { logOrigin, openWorkerWorld } from "#tests/jobs/world.ts";
import { eventInsert } from "#tests/support/event.ts";

const world = await openWorkerWorld();
const requestId = "rqt_test";
const canary = "canary-51d0c2";
let auditor: Caller;
let requester: Caller;
let sequencer: Sequencer;

beforeAll(async () => {
  auditor = await world.person(["auditor"]);
  requester = await world.person();
  sequencer = startSequencer(world.keys.signer);
});
afterAll(async () => sequencer.stop());

const hour = 3_600_000;
const around = () => ({
  from: new Date(Date.now() - hour).toISOString(),
  to: new Date(Date.now() + hour).toISOString(),
});
const bounds = () => ({ ...world.bounds, logOrigin });
const trust = () => ({
  vkey: readFileSync(join(world.dataDir, "keys/public/log.vkey"), "utf8").trim(),
  sha256,
  ed25519Verify,
});

async function event(type: EventType, data: JsonObject): Promise<void> {
  await world.pool.query(eventInsert({ type, principal: { kind: "agent", id: "agt_1" }, subjects: ["con_1"], data }));
}

async function exported(input: object = around()) {
  const { id } = await execute("evidence.export", input, { caller: auditor, requestId });
  await exportOnce(id, bounds());
  return execute("evidence.get", { packId: id }, { caller: auditor, requestId });
}

const zipOf = (id: string) => readFileSync(join(world.dataDir, "packs", `${id}.zip`));

describe("an evidence pack", () => {
  it("holds the period's events and tables, verifies with the library and alone with Node, and any edit is found", async () => {
    const secret = { kind: "header", name: "X-Key", value: canary };
    await execute("credentials.seal", { url: "https://example.test/mcp", secret }, { caller: requester, requestId });
    for (let i = 0; i < 30; i++) {
      const callId = `call_${i}`;
      await event("call.intent", {
        callId,
        decision: "permit",
        target: { connectorId: "con_1", name: "=cmd", toolId: "tol_1" },
      });
      if (i % 3 > 0)
        await event("call.outcome", { callId, status: "ok", latencyMs: i, result: { bytes: 3, commitment: "aa" } });
      if (i % 5 === 0) await event("call.denied", { decision: "deny", reason: "no_grant", asked: "x,y" });
    }
    const pack = await exported();
    expect(pack).toMatchObject({ state: "ready", error: null, download: `/api/v1/evidence/${pack.id}/download` });
    expect(pack.progress.map(({ stage }) => stage)).toEqual(["sequence", "tables", "entries", "build", "verify"]);
    const zip = zipOf(pack.id);
    expect(zip.byteLength).toBe(pack.bytes);
    expect(Buffer.from(sha256(zip)).toString("hex")).toBe(pack.sha256);
    expect(verifyPackZip(zip, trust()).verdict).toBe("verified");
    const files = readZip(zip);
    const table = (name: string) => parseCsv(utf8Text(files.get(`population/${name}.csv`) ?? Buffer.of()));
    expect(table("calls").length).toBe(31);
    expect(table("denials").length).toBe(7);
    expect(table("connectors")[0]).toContain("version_digest");
    expect(table("decisions")[0]).toContain("reason");
    for (const name of [
      "agents",
      "calls",
      "connectors",
      "decisions",
      "denials",
      "grants",
      "owners",
      "requests",
      "tools",
    ]) {
      const ipe = JSON.parse(utf8Text(files.get(`ipe/${name}.json`) ?? Buffer.of()));
      expect(ipe).toMatchObject({ table: `population/${name}.csv`, rows: table(name).length - 1 });
    }
    expect(zip.includes(canary)).toBe(false);
    for (const [path, content] of files) {
      const decoded = path.endsWith("entries.jsonl")
        ? utf8Text(content)
            .split("\n")
            .map((line) => Buffer.from(line.split('"')[5] ?? "", "base64"))
            .join("\n")
        : utf8Text(content);
      expect(decoded.includes(canary)).toBe(false);
    }

    writeFileSync(join(world.dataDir, "verify.mjs"), files.get("verify.mjs") ?? "");
    writeFileSync(join(world.dataDir, "pack.zip"), zip);
    const edited = Buffer.from(zip);
    const at = edited.indexOf("no_grant");
    edited.write("ok_grant", at);
    writeFileSync(join(world.dataDir, "edited.zip"), edited);
    const run = (file: string) =>
      spawnSync(process.execPath, ["verify.mjs", file, "--key", trust().vkey], {
        cwd: world.dataDir,
        env: { NODE_ENV: "production" },
        encoding: "utf8",
      });
    expect(run("pack.zip")).toMatchObject({ status: 0, stderr: "" });
    expect(run("edited.zip").status).toBe(1);
    expect(run("edited.zip").stdout).toContain("TAMPERED");
    expect(verifyPackZip(edited, trust()).verdict).toBe("TAMPERED");
  });

  it("continues the one before, for whoever kept its checkpoint", async () => {
    const first = await exported();
    await event("call.denied", { decision: "deny", reason: "no_grant" });
    const second = await exported();
    const seen = utf8Text(readZip(zipOf(first.id)).get("checkpoint.txt") ?? Buffer.of());
    const verdict = verifyPackZip(zipOf(second.id), { ...trust(), seen });
    expect(verdict).toMatchObject({ verdict: "verified", checks: { consistency: "passed" } });
  });

  it("of a period without events is a pack without entries that verifies", async () => {
    const pack = await exported({ from: "2020-01-01T00:00:00Z", to: "2020-02-01T00:00:00Z" });
    const verdict = verifyPackZip(zipOf(pack.id), trust());
    expect(verdict.verdict).toBe("verified");
    expect(verdict.manifest?.counts).toEqual({});
  });

  it("is never handed out when the database was changed behind the log", async () => {
    await event("call.denied", { decision: "deny", reason: "doctored" });
    await sleep(1_500);
    const [row] = await world.rows(
      "select id, leaf from audit_event where convert_from(leaf, 'UTF8') like '%doctored%'",
    );
    const doctored = Buffer.from(String(row?.leaf).replace("doctored", "harmless"));
    await world.rows("alter table audit_event disable trigger user");
    await world.rows("update audit_event set leaf = $1 where id = $2", [doctored, row?.id]);
    const pack = await exported();
    expect(pack).toMatchObject({ state: "failed", download: null });
    expect(pack.error).toContain("TAMPERED");
    await world.rows("update audit_event set leaf = $1 where id = $2", [row?.leaf, row?.id]);
    await world.rows("alter table audit_event enable trigger user");
  });

  it("is made of a log with entries that tell no event too, and says so", async () => {
    const before = (await exported()).id;
    const bad = [Buffer.from("{]"), Buffer.from([0x22, 0xff, 0x22]), Buffer.from('{"data":{"checkpointSize":"x"}}')];
    for (const leaf of bad) {
      await world.rows("alter table audit_event disable trigger user");
      await world.rows(
        "insert into audit_event (id, type, time, principal_kind, principal_id, subjects, leaf) values ($1, 'evidence.exported', now(), 'system', 'x', '{}', $2)",
        [`evt_bad_${leaf.length}`, leaf],
      );
      await world.rows("alter table audit_event enable trigger user");
    }
    const pack = await exported();
    expect(pack).toMatchObject({ state: "ready", error: null });
    const { verdict, checks, manifest, findings } = verifyPackZip(zipOf(pack.id), trust());
    expect({ verdict, checks }).toMatchObject({
      verdict: "MALFORMED",
      checks: { leaf: "failed", inclusion: "passed" },
    });
    expect(manifest?.anomalies).toHaveLength(bad.length);
    expect(findings).toHaveLength(bad.length);
    const [event] = await world.rows(
      "select convert_from(leaf, 'UTF8')::json #>> '{data,anomalies}' as anomalies from audit_event where type = 'evidence.exported' and $1 = any(subjects)",
      [pack.id],
    );
    expect(event).toEqual({ anomalies: "3" });
    writeFileSync(join(world.dataDir, "malformed.zip"), zipOf(pack.id));
    const args = ["lib/cli/bin.mjs", "verify", join(world.dataDir, "malformed.zip"), "--key", trust().vkey];
    const said = spawnSync(process.execPath, args, {
      env: { NODE_ENV: "production", PATH: processEnvironment().PATH },
      encoding: "utf8",
    });
    expect(said).toMatchObject({ status: 1, stderr: "" });
    expect(said.stdout).toMatch(/^MALFORMED /m);
    expect(before).not.toBe(pack.id);
  });

  it("covers a period that makes sense only, and is an auditor's only", async () => {
    const wrong = [
      { from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" },
      { from: "2026-02-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
      { from: "2024-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
    ];
    for (const input of wrong) {
      const call = execute("evidence.export", input, { caller: auditor, requestId });
      await expect(call).rejects.toMatchObject({ code: "invalid_input" });
    }
    for (const caller of [requester, await world.person(["administrator"])]) {
      const call = execute("evidence.export", around(), { caller, requestId });
      await expect(call).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("whose worker died fails with a sentence, one that is built now does not", async () => {
    const { id } = await execute("evidence.export", around(), { caller: auditor, requestId });
    await beginPack(id);
    await failAbandonedPacks(world.pool);
    const pack = await execute("evidence.get", { packId: id }, { caller: auditor, requestId });
    expect(pack).toMatchObject({ state: "failed" });
    expect(pack.error).toContain("Export it again");
  });
});

describe("a download", () => {
  it("is an event before the first byte, and only an auditor's", async () => {
    const pack = await exported();
    const found = await downloadPack(pack.id, auditor, requestId);
    expect(found).toMatchObject({ bytes: pack.bytes, sha256: pack.sha256 });
    const events = () =>
      world.rows("select principal_id from audit_event where type = 'evidence.downloaded' and $1 = any(subjects)", [
        pack.id,
      ]);
    expect(await events()).toEqual([{ principal_id: auditor.id }]);
    const request = new Request(`http://localhost${pack.download}`);
    const response = await download(request, async () => auditor, pack.id);
    expect(Buffer.from(await response.arrayBuffer()).equals(zipOf(pack.id))).toBe(true);
    expect(response.headers.get("repr-digest")).toBe(
      `sha-256=:${Buffer.from(pack.sha256 ?? "", "hex").toString("base64")}:`,
    );
    expect((await download(request, async () => null, pack.id)).status).toBe(401);
    expect((await download(request, async () => requester, pack.id)).status).toBe(404);
    expect(await events()).toHaveLength(2);
    await expect(downloadPack(pack.id, requester, requestId)).rejects.toMatchObject({ code: "not_found" });
    await expect(downloadPack("pck_none", auditor, requestId)).rejects.toMatchObject({ code: "not_found" });
    const token: Caller = { ...auditor, via: "token", tokenScopes: ["connector:read"] };
    await expect(downloadPack(pack.id, token, requestId)).rejects.toMatchObject({ code: "scope_missing" });
    expect(await events()).toHaveLength(2);
    const refusals = await world.rows(
      "select count(*)::int as n from audit_event where type = 'operation.refused' and convert_from(leaf, 'UTF8') like '%evidence.download%'",
    );
    expect(refusals).toEqual([{ n: 3 }]);
  });
});
