import type { Rate } from "#lib/core/scope/scope.ts";

/** The calls counted against one rate: the newest slot, and the count of each slot of the window (index = slot modulo length). */
export type RateState = { readonly slot: number; readonly counts: readonly number[] };

/** Whether a call fits; the state to keep, also after a refusal; milliseconds until it may fit (0 when it does). */
export type RateVerdict = { readonly allowed: boolean; readonly state: RateState; readonly retryAfterMs: number };

/** A window is counted in this many slots, and the slot that is only half inside counts in full. */
const SLOTS = 16;
const LENGTH = SLOTS + 1;

/**
 * Counts one call against a rate. Strict: never more than `calls` in any `perSeconds` seconds, whichever moment one starts at;
 * the price is that a used call may be given back up to a sixteenth of the window late. A clock that steps back waits.
 * @param state what was returned last time for the same grant and agent, null at first; it belongs to one rate and is void for another
 * @param now milliseconds
 */
export function countCall(state: RateState | null, rate: Rate, now: number): RateVerdict {
  const slotMs = (rate.perSeconds * 1000) / SLOTS;
  const slot = Math.max(Math.floor(now / slotMs), state?.slot ?? 0);
  const counts = new Array<number>(LENGTH).fill(0);
  let used = 0;
  if (state !== null) {
    for (let past = Math.max(0, slot - SLOTS); past <= state.slot; past += 1) {
      const count = state.counts[past % LENGTH] ?? 0;
      counts[past % LENGTH] = count;
      used += count;
    }
  }
  if (used + 1 <= rate.calls) {
    counts[slot % LENGTH] = (counts[slot % LENGTH] ?? 0) + 1;
    return { allowed: true, state: { slot, counts }, retryAfterMs: 0 };
  }
  let freed = 0;
  let oldest = Math.max(0, slot - SLOTS);
  while (oldest < slot && used - freed - (counts[oldest % LENGTH] ?? 0) >= rate.calls) {
    freed += counts[oldest % LENGTH] ?? 0;
    oldest += 1;
  }
  return { allowed: false, state: { slot, counts }, retryAfterMs: Math.ceil((oldest + LENGTH) * slotMs - now) };
}
