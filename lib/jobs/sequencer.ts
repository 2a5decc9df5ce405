import { setTimeout as sleep } from "node:timers/promises";
import type { NoteSigner } from "#lib/core/log/note.ts";
import { type SealMemory, sealBatch, sealBatchMax, startSealing } from "#lib/domain/audit/seal.ts";
import { logger } from "#lib/platform/logger.ts";

/** How long to wait for the next batch, milliseconds: while events come in (not at all behind a full one), when none did, and after the database failed. */
const waits = { busyMs: 250, idleMs: 500, failedMs: 1_000 } as const;

/** A running sequencer. */
export type Sequencer = {
  /** Ends after the batch under way. */
  stop(): Promise<void>;
};

/**
 * Gives events their place in the log until stopped: within about half a second, a checkpoint within about two. An idle log gets no new
 * checkpoint: the last one is still its head. A lost database is waited for.
 */
export function startSequencer(signer: NoteSigner): Sequencer {
  const stopping = new AbortController();
  const running = run(signer, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(signer: NoteSigner, signal: AbortSignal): Promise<void> {
  let memory: SealMemory | null = null;
  while (!signal.aborted) {
    let waitMs: number = waits.idleMs;
    try {
      memory ??= await startSealing();
      const result = await sealBatch(signer, memory);
      memory = result.memory;
      if (result.pending) waitMs = result.sealed === sealBatchMax ? 0 : waits.busyMs;
    } catch (error) {
      logger().warn({ err: error }, "the log could not be sequenced");
      memory = null;
      waitMs = waits.failedMs;
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
