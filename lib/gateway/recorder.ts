import type pg from "pg";
import { type EventRow, writeEvents } from "#lib/gateway/store/recorder.ts";

/** How writing an event ended. `stale`: the policy changed since the decision, nothing was written. `failed`: not confirmed. */
export type Written = "written" | "stale" | "full" | "failed";

/** The gateway's door to the audit log. */
export type Recorder = {
  /** Writes an intent; resolves once it is durable or certainly not to be relied on. Never retried. */
  intent(row: EventRow): Promise<Written>;
  /** Writes an outcome; retried for `outcomeMsMax`. */
  outcome(row: EventRow): Promise<Written>;
  /** Writes an outcome or a note later: with the next batch, at the latest after `lazyMs`. Retried for `lazyMsMax`. */
  later(row: EventRow): void;
  /** Rows not yet durable. */
  pending(): number;
  /** Writes what is left, for at most `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
};

/** Bounds of a recorder; times in milliseconds. */
export const recorderLimits = {
  /** Rows that may wait; intents beyond are refused (`full`). Outcomes of intents that were written are always taken. */
  queue: 10_000,
  batch: 500,
  connections: 2,
  writeMs: 5_000,
  outcomeMsMax: 2_000,
  lazyMs: 25,
  lazyMsMax: 60_000,
  retryMs: 100,
} as const;

export type RecorderLimits = { readonly [K in keyof typeof recorderLimits]: number };

type Entry = { row: EventRow; until: number; done: ((written: Written) => void) | null };

/**
 * Group commit without timers: all rows that wait go into one insert, at the end of the turn of the event loop, as soon as one of two
 * connections is free. Only rows that
 * nobody waits for (`later`) may stay up to `lazyMs` to go along with others.
 */
export function createRecorder(pool: pg.Pool, limits: RecorderLimits = recorderLimits): Recorder {
  let waiting: Entry[] = [];
  let lazy: Entry[] = [];
  let writing = 0;
  let inFlight = 0;
  let lazyTimer: NodeJS.Timeout | null = null;
  let pausedUntil = 0;
  let isDue = false;

  function add(row: EventRow, retryMs: number): Promise<Written> {
    return new Promise((resolve) => {
      waiting.push({ row, until: retryMs === 0 ? 0 : performance.now() + retryMs, done: resolve });
      pumpSoon();
    });
  }

  /** What arrives in one turn of the event loop goes together. */
  function pumpSoon(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      pump();
    });
  }

  function pump(): void {
    while (writing < limits.connections && waiting.length > 0 && performance.now() >= pausedUntil) {
      const batch = waiting.length <= limits.batch ? waiting : waiting.slice(0, limits.batch);
      waiting = waiting.length <= limits.batch ? [] : waiting.slice(limits.batch);
      if (lazy.length > 0) {
        const room = limits.batch - batch.length;
        batch.push(...lazy.splice(0, room));
      }
      writing += 1;
      inFlight += batch.length;
      void write(batch);
    }
  }

  async function write(batch: Entry[]): Promise<void> {
    await commit(batch);
    writing -= 1;
    inFlight -= batch.length;
    if (waiting.length > 0) pumpSoon();
  }

  async function commit(batch: Entry[]): Promise<void> {
    try {
      const rows = batch.map((entry) => entry.row);
      const missing = await writeEvents(pool, rows, limits.writeMs);
      for (const entry of batch) entry.done?.(missing.has(entry.row.id) ? "stale" : "written");
    } catch (error) {
      if (!isRefusedRow(error)) return retry(batch);
      // one row that the database will never take must not take others with it
      if (batch.length === 1) return batch[0]?.done?.("failed");
      const half = batch.length >> 1;
      await commit(batch.slice(0, half));
      await commit(batch.slice(half));
    }
  }

  function retry(batch: Entry[]): void {
    const now = performance.now();
    const again: Entry[] = [];
    for (const entry of batch) {
      if (now + limits.retryMs < entry.until) again.push(entry);
      else entry.done?.("failed");
    }
    if (again.length === 0) return;
    // Rows to be tried again stand first; everything waits, so that a lost database is not asked in a tight loop.
    waiting = [...again, ...waiting];
    pausedUntil = now + limits.retryMs;
    setTimeout(pump, limits.retryMs);
  }

  function ripen(): void {
    lazyTimer = null;
    waiting.push(...lazy);
    lazy = [];
    pump();
  }

  return {
    intent(row) {
      if (waiting.length + lazy.length >= limits.queue) return Promise.resolve("full");
      if (performance.now() < pausedUntil) return Promise.resolve("failed");
      return add(row, 0);
    },
    outcome: (row) => add(row, limits.outcomeMsMax),
    later(row) {
      lazy.push({ row, until: performance.now() + limits.lazyMsMax, done: null });
      lazyTimer ??= setTimeout(ripen, limits.lazyMs);
    },
    pending: () => waiting.length + lazy.length + inFlight,
    async flush(timeoutMs) {
      if (lazyTimer !== null) clearTimeout(lazyTimer);
      ripen();
      const until = performance.now() + timeoutMs;
      while (waiting.length + inFlight > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** Whether the database refuses what a row says (SQLSTATE classes 22, 23, 54 and our own), rather than being out of order. */
function isRefusedRow(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(?:22|23|54|AM)/.test(String(error.code));
}
