import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "#lib/core/log/checkpoint.ts";
import { leafHash } from "#lib/core/log/leaf.ts";
import { parseVkey } from "#lib/core/log/note.ts";
import { rootOf } from "#lib/core/log/tree.ts";
import { verifyConsistency, verifyInclusion } from "#lib/core/log/verify-proof.ts";
import { withTransaction } from "#lib/db/tx.ts";
import { type SealMemory, sealBatch, startSealing } from "#lib/domain/audit/seal.ts";
import { proveConsistency, proveInclusion, sha256 } from "#lib/domain/audit/tree.ts";
import { readKeys } from "#lib/jobs/keys.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { ed25519Verify } from "#tests/core/log/crypto.ts";
import { logOrigin, openWorkerWorld } from "#tests/jobs/world.ts";
import { eventInsert } from "#tests/support/event.ts";

const world = await openWorkerWorld();
const { signer } = await readKeys(world.dataDir, logOrigin);

/** Inserts one event on a connection, as any writer of the application does. */
async function write(client: pg.ClientBase): Promise<void> {
  const data = { n: Math.random().toString() };
  await client.query(eventInsert({ type: "probe.started", subjects: ["prb_1"], data }));
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: world.database.appUrl });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function sealAll(memory: SealMemory): Promise<SealMemory> {
  for (let now = memory; ; ) {
    const result = await sealBatch(signer, now);
    now = result.memory;
    if (!result.pending) return now;
    if (result.sealed === 0) await sleep(50);
  }
}

/** Everything that must hold of a log: contiguous, nothing twice, nothing missing, every checkpoint a prefix of the next. */
async function auditLog() {
  const entries = await world.rows(
    "select l.leaf_index::int as index, l.leaf_hash, e.leaf from audit_event e left join log_entry l on l.event_seq = e.seq and l.event_id = e.id order by l.leaf_index",
  );
  expect(entries.map(({ index }) => index)).toEqual(entries.map((_, i) => i));
  const hashes = entries.map(({ leaf }) => leafHash(sha256, leaf as Uint8Array));
  for (const [i, { leaf_hash }] of entries.entries())
    expect(Buffer.compare(leaf_hash as Buffer, hashes[i] ?? Buffer.of())).toBe(0);
  const checkpoints = await world.rows("select note, size::int as size from checkpoint order by size");
  const vkey = parseVkey(sha256, readFileSync(`${world.dataDir}/keys/public/log.vkey`, "utf8").trim());
  let previous: { size: number; root: Uint8Array } | null = null;
  for (const { note, size } of checkpoints) {
    const opened = openCheckpoint(String(note), vkey, ed25519Verify);
    expect(opened.size).toBe(size);
    expect(Buffer.from(opened.root)).toEqual(Buffer.from(rootOf(sha256, hashes.slice(0, opened.size))));
    if (previous !== null) {
      const { size: from, root } = previous;
      const proof = await withTransaction((tx) => proveConsistency(tx, from, opened.size));
      expect(verifyConsistency(sha256, from, opened.size, proof, root, opened.root)).toBe(true);
    }
    previous = opened;
  }
  return { size: entries.length, signed: previous?.size ?? 0, root: previous?.root, hashes };
}

describe("the sequencer", () => {
  it("gives every event of many writers its one place, with several sequencers at once and a late commit", async () => {
    const late = await connect();
    await late.query("begin");
    await write(late);
    const done = new AbortController();
    const writers = Array.from({ length: 8 }, async () => {
      const client = await connect();
      for (let i = 0; i < 80; i++) {
        // A rolled back event leaves a gap in the sequence; one that is slow commits behind later ones.
        await client.query("begin");
        await write(client);
        if (i % 9 === 0) await sleep(5);
        await client.query(i % 7 === 0 ? "rollback" : "commit");
      }
      await client.end();
    });
    const sequencers = Array.from({ length: 3 }, async () => {
      let memory = await startSealing();
      while (!done.signal.aborted) memory = (await sealBatch(signer, memory)).memory;
      return memory;
    });
    await Promise.all(writers);
    await sleep(200);
    await late.query("commit");
    await late.end();
    await sleep(100);
    done.abort();
    const [memory] = await Promise.all(sequencers);
    if (memory === undefined) throw new Error("no sequencer");
    await sealAll(memory);
    const { size, signed, root, hashes } = await auditLog();
    expect(size).toBe(8 * 68 + 1);
    expect(signed).toBe(size);
    for (const index of [0, 255, 256, size - 1]) {
      const proof = await withTransaction((tx) => proveInclusion(tx, index, size));
      expect(verifyInclusion(sha256, hashes[index] ?? Buffer.of(), index, size, proof, root ?? Buffer.of())).toBe(true);
    }
  });

  it("loses nothing and never forks when it is killed in the middle, again and again", async () => {
    const program = new URL("./seal-forever.ts", import.meta.url).pathname;
    const client = await connect();
    for (let round = 0; round < 5; round++) {
      const child = fork(program, [world.dataDir, logOrigin], {
        env: processEnvironment(),
        execPath: process.execPath,
        stdio: "ignore",
      });
      await once(child, "message");
      for (let i = 0; i < 150; i++) await write(client);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await client.end();
    await sealAll(await startSealing());
    const { size, signed } = await auditLog();
    expect(size).toBe(8 * 68 + 1 + 5 * 150);
    expect(signed).toBe(size);
  });

  it("makes no checkpoint for a log that did not grow", async () => {
    const count = async () => (await world.rows("select count(*)::int as n from checkpoint"))[0]?.n;
    const before = await count();
    await sealAll(await sealAll(await startSealing()));
    expect(await count()).toBe(before);
  });
});
