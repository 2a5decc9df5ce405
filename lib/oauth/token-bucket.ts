/** How much may pass: `burst` at once, then `perSecond`. */
export interface Rate {
  burst: number;
  perSecond: number;
}

const keysMax = 10_000;

/**
 * One token bucket per key. At most 10,000 keys are remembered; the one unused for longest starts anew.
 * @returns takes one token of a key at a moment in milliseconds: 0 when it may pass, else the seconds until it may
 */
export function createTokenBuckets({ burst, perSecond }: Rate): (key: string, nowMs: number) => number {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key, nowMs) => {
    const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    buckets.delete(key);
    buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    for (const oldest of buckets.keys()) {
      if (buckets.size <= keysMax) break;
      buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return 0;
  };
}
