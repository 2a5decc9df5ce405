import fc from "fast-check";
import { expect, test } from "vitest";
import { countCall, type RateState } from "#lib/core/decision/rate.ts";

const rate = { calls: 3, perSeconds: 60 };

/** The moments that were allowed, of those asked. */
function play(moments: readonly number[], limit = rate): number[] {
  let state: RateState | null = null;
  return moments.filter((now) => {
    const verdict = countCall(state, limit, now);
    state = verdict.state;
    return verdict.allowed;
  });
}

test("no window, wherever it starts, holds more calls than the rate", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 80 }),
      fc.record({ calls: fc.integer({ min: 1, max: 5 }), perSeconds: fc.integer({ min: 1, max: 70 }) }),
      (gaps, limit) => {
        let now = 1_900_000_000_000;
        const allowed = play(
          gaps.map((gap) => {
            now += gap;
            return now;
          }),
          limit,
        );
        for (const start of allowed) {
          const inside = allowed.filter((moment) => moment >= start && moment < start + limit.perSeconds * 1_000);
          expect(inside.length).toBeLessThanOrEqual(limit.calls);
        }
      },
    ),
    { numRuns: 1_000, seed: 7 },
  );
});

test("a refused call fits at the moment that it was told, and not before", () => {
  const start = 1_900_000_000_123;
  let state: RateState | null = null;
  for (const now of [start, start + 10_000, start + 20_000]) state = countCall(state, rate, now).state;
  const refused = countCall(state, rate, start + 30_000);
  expect(refused.allowed).toBe(false);
  const again = start + 30_000 + refused.retryAfterMs;
  expect(again - start).toBeGreaterThanOrEqual(60_000);
  expect(again - start).toBeLessThanOrEqual(60_000 + 60_000 / 16);
  expect(countCall(refused.state, rate, again - 1).allowed).toBe(false);
  expect(countCall(refused.state, rate, again).allowed).toBe(true);
});

test("a clock that steps back gives nothing away", () => {
  const start = 1_900_000_000_000;
  expect(play([start, start, start, start - 120_000, start - 1])).toHaveLength(3);
});

test("refused calls are not counted", () => {
  const start = 1_900_000_000_000;
  const flood = Array.from({ length: 130 }, (_, at) => start + at * 1_000);
  expect(play(flood).length).toBeGreaterThanOrEqual(6);
});
