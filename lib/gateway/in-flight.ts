import type { ToolsCall } from "#lib/gateway/call.ts";
import { callLimits } from "#lib/gateway/upstream/upstream.ts";
import type { Use } from "#lib/gateway/uses.ts";

/** Calls under way. One timer for all: stops those that take too long, keeps the connections of patient callers alive. */
export type InFlight = {
  /** `too_many` when the agent has `callsPerAgentMax` under way. */
  begin(call: ToolsCall, use: Use): { signal: AbortSignal; end(): void } | "too_many";
  size(): number;
  /** Stops calls: those that a test names. */
  abort(isMeant: (call: ToolsCall, use: Use) => boolean): void;
  close(): void;
};

export const callsPerAgentMax = 256;
const tickMs = 1_000;
const keepAliveMs = 10_000;

type Entry = { controller: AbortController; startedAt: number; heardAt: number; call: ToolsCall; use: Use };

export function createInFlight(): InFlight {
  const entries = new Set<Entry>();
  const byAgent = new Map<string, number>();
  const timer = setInterval(tick, tickMs);

  function tick(): void {
    const now = performance.now();
    for (const entry of entries) {
      if (now - entry.startedAt > callLimits.timeoutMs) entry.controller.abort("timeout");
      else if (now - entry.heardAt > keepAliveMs) {
        entry.heardAt = now;
        entry.call.exchange.keepAlive();
      }
    }
  }

  return {
    begin(call, use) {
      const { agentId } = call.caller;
      const calls = call.session?.calls;
      const { id } = call.request;
      const own = byAgent.get(agentId) ?? 0;
      if (own >= callsPerAgentMax) return "too_many";
      byAgent.set(agentId, own + 1);
      const now = performance.now();
      const entry = { controller: new AbortController(), startedAt: now, heardAt: now, call, use };
      entries.add(entry);
      calls?.set(id, entry.controller);
      call.exchange.onClose(() => entries.has(entry) && entry.controller.abort("gone"));
      return {
        signal: entry.controller.signal,
        end() {
          if (!entries.delete(entry)) return;
          const left = (byAgent.get(agentId) ?? 1) - 1;
          if (left === 0) byAgent.delete(agentId);
          else byAgent.set(agentId, left);
          if (calls?.get(id) === entry.controller) calls.delete(id);
        },
      };
    },
    size: () => entries.size,
    abort(isMeant) {
      for (const entry of entries) if (isMeant(entry.call, entry.use)) entry.controller.abort("gone");
    },
    close: () => clearInterval(timer),
  };
}
