import { describeSandbox, type Launch, LaunchRefused, sandboxCommand } from "#lib/mcp/stdio/sandbox.ts";
import { openSession, type StdioSession } from "#lib/mcp/stdio/session.ts";

/** Why the pool gives no process: a crash just now, too many crashes lately, no room, it is closing. Nothing was sent in any of these cases. */
export class PoolRefusal extends Error {
  readonly code: "backing_off" | "circuit_open" | "capacity" | "closed";
  /** When asking again makes sense; null when it never does. */
  readonly retryAfterMs: number | null;
  constructor(code: PoolRefusal["code"], retryAfterMs: number | null) {
    super(code);
    this.name = "PoolRefusal";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Bounds of a pool. Times in milliseconds; the circuit opens after `crashesMax` crashes within `crashWindowMs`. */
export type PoolLimits = {
  processesMax: number;
  idleMs: number;
  backoffFirstMs: number;
  backoffMaxMs: number;
  crashesMax: number;
  crashWindowMs: number;
  circuitMs: number;
  drainMs: number;
};

export const poolLimits: PoolLimits = {
  processesMax: 16,
  idleMs: 5 * 60_000,
  backoffFirstMs: 250,
  backoffMaxMs: 8_000,
  crashesMax: 5,
  crashWindowMs: 60_000,
  circuitMs: 30_000,
  drainMs: 10_000,
};

/** Supervised stdio servers, one process per key. The pool never repeats a call: a caller learns whether it may have been executed. */
export type StdioPool = {
  /**
   * The running session of a key, started when there is none. The key names everything that must not be mixed:
   * connector version, credential, and whoever has to be kept apart.
   * @throws PoolRefusal, LaunchRefused, ChannelError (the server did not start or is no MCP server)
   */
  session(key: string, launch: Launch): Promise<StdioSession>;
  /** Ends the process of a key, at once: its calls are interrupted (suspend, revoke, new version). */
  stop(key: string): Promise<void>;
  /** Number of processes. */
  size(): number;
  /** Takes no more work, lets running calls end for `drainMs`, then ends every process. */
  close(): Promise<void>;
};

type Slot = { session: Promise<StdioSession>; running: StdioSession | undefined; usedAt: number; wanted: boolean };
type History = { crashes: number[]; blockedUntil: number };

/** An empty pool in the strongest sandbox of this machine. */
export function createStdioPool(limits: PoolLimits = poolLimits): StdioPool {
  const slots = new Map<string, Slot>();
  const histories = new Map<string, History>();
  let closed = false;
  const now = () => performance.now();

  const reaper = setInterval(
    () => {
      for (const [key, slot] of slots) {
        if (slot.running?.pending() === 0 && now() - slot.usedAt > limits.idleMs) void stop(key);
      }
    },
    Math.min(limits.idleMs, 10_000),
  ).unref();

  async function session(key: string, launch: Launch): Promise<StdioSession> {
    if (closed) throw new PoolRefusal("closed", null);
    const slot = slots.get(key) ?? (await open(key, launch));
    slot.usedAt = now();
    return slot.session;
  }

  async function open(key: string, launch: Launch): Promise<Slot> {
    refuseWhileBlocked(key);
    while (slots.size >= limits.processesMax) await makeRoom();
    const existing = slots.get(key);
    if (existing) return existing;
    if (closed) throw new PoolRefusal("closed", null);
    const slot: Slot = { session: start(launch), running: undefined, usedAt: now(), wanted: true };
    slots.set(key, slot);
    slot.session.then(
      (session) => {
        slot.running = session;
        void session.exited.then(() => leave(key, slot));
      },
      (error: unknown) => {
        if (error instanceof LaunchRefused) slot.wanted = false;
        leave(key, slot);
      },
    );
    return slot;
  }

  async function start(launch: Launch): Promise<StdioSession> {
    return openSession(await sandboxCommand(await describeSandbox(), launch));
  }

  function leave(key: string, slot: Slot): void {
    if (slots.get(key) === slot) slots.delete(key);
    if (!slot.wanted) return;
    const since = now() - limits.crashWindowMs;
    const crashes = [...(histories.get(key)?.crashes ?? []).filter((at) => at > since), now()];
    const broken = crashes.length >= limits.crashesMax;
    const backoff = Math.min(limits.backoffFirstMs * 2 ** (crashes.length - 1), limits.backoffMaxMs);
    histories.set(key, { crashes, blockedUntil: now() + (broken ? limits.circuitMs : backoff) });
  }

  function refuseWhileBlocked(key: string): void {
    const history = histories.get(key);
    if (!history) return;
    const wait = history.blockedUntil - now();
    const code = history.crashes.length >= limits.crashesMax ? "circuit_open" : "backing_off";
    if (wait > 0) throw new PoolRefusal(code, Math.ceil(wait));
    if (history.crashes.every((at) => at < now() - limits.crashWindowMs)) histories.delete(key);
  }

  async function makeRoom(): Promise<void> {
    const idle = [...slots].filter(([, slot]) => slot.running?.pending() === 0);
    const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!oldest) throw new PoolRefusal("capacity", 1_000);
    await stop(oldest[0]);
  }

  async function stop(key: string): Promise<void> {
    const slot = slots.get(key);
    if (!slot) return;
    slot.wanted = false;
    slots.delete(key);
    const session = await slot.session.catch(() => undefined);
    await session?.close();
  }

  return {
    session,
    stop,
    size: () => slots.size,
    async close() {
      closed = true;
      clearInterval(reaper);
      const until = now() + limits.drainMs;
      while (now() < until && [...slots.values()].some((slot) => slot.running && slot.running.pending() > 0)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await Promise.all([...slots.keys()].map(stop));
    },
  };
}
