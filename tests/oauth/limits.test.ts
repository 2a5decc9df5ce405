import { afterAll, expect, test } from "vitest";
import { createTokenBuckets } from "#lib/oauth/token-bucket.ts";
import { startAuthorizationServer } from "#tests/oauth/estate.ts";

const estate = await startAuthorizationServer();
afterAll(() => estate.stop());

test("a client that asks too often is told when to come back, and others are served", async () => {
  const [eager, other] = [await estate.addAgent(), await estate.addAgent()];
  const answers = [];
  for (let count = 0; count < 70; count += 1) answers.push(await estate.requestToken(eager));
  const limited = answers.find(({ status }) => status !== 200);
  expect(limited).toMatchObject({ status: 429, body: { error: "temporarily_unavailable" } });
  expect(Number(limited?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(estate.events.at(-1)).toMatchObject({ agentId: eager.id, data: { reason: "rate_limited" } });
  expect((await estate.requestToken(other)).status).toBe(200);
});

test("an address that floods is refused before anything is looked up", async () => {
  const flood = await Promise.all(Array.from({ length: 150 }, () => estate.post([["grant_type", "x"]])));
  expect(flood.some(({ status }) => status === 429)).toBe(true);
});

test("a bucket lets its burst through, then its rate, and unused keys are forgotten", () => {
  const take = createTokenBuckets({ burst: 2, perSecond: 1 });
  expect([take("a", 0), take("a", 0), take("a", 0), take("a", 1_000), take("a", 1_000)]).toEqual([0, 0, 1, 0, 1]);
  for (let count = 0; count < 10_001; count += 1) take(`key ${count}`, 1_000);
  expect(take("a", 1_000)).toBe(0);
});
