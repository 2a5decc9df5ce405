import { countCall, type RateState } from "#lib/core/decision/rate.ts";
import type { Rate } from "#lib/core/scope/scope.ts";

/** Rates of grants, per grant and agent, in the memory of this gateway (so each replica counts for itself). */
export type Rates = {
  /** Counts one call; 0 when it fits, else milliseconds until it may. */
  take(grantId: string, agentId: string, rate: Rate, now: number): number;
};

const statesMax = 100_000;

export function createRates(): Rates {
  const states = new Map<string, { rate: Rate; state: RateState }>();
  return {
    take(grantId, agentId, rate, now) {
      const key = `${grantId} ${agentId}`;
      const known = states.get(key);
      const same = known !== undefined && known.rate.calls === rate.calls && known.rate.perSeconds === rate.perSeconds;
      const { allowed, state, retryAfterMs } = countCall(same ? known.state : null, rate, now);
      if (!same) {
        // the oldest entry makes room: maps keep the order of insertion
        const [oldest] = states.size >= statesMax ? states.keys() : [];
        if (oldest !== undefined) states.delete(oldest);
      }
      states.set(key, { rate, state });
      return allowed ? 0 : Math.max(1, retryAfterMs);
    },
  };
}
