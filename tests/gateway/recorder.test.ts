import { afterAll, beforeAll, expect, test } from "vitest";
import { createPool } from "#lib/db/pool.ts";
import { createRecorder } from "#lib/gateway/recorder.ts";
import { eventRow } from "#lib/gateway/records.ts";
import { createTestDatabase } from "#tests/support/db.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.gatewayUrl, { max: 2, applicationName: "test-recorder" });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const row = (at: number) => eventRow("call.denied", { kind: "agent", id: "agt_1" }, ["agt_1"], { count: 1 }, at);

test("a row that the database will never take fails alone, and those beside it are written", async () => {
  const recorder = createRecorder(pool);
  const now = Date.now();
  const late = row(now - 3 * 86_400_000);
  const others = Array.from({ length: 20 }, () => row(now));
  const written = await Promise.all(
    [...others.slice(0, 10), late, ...others.slice(10)].map((one) => recorder.outcome(one)),
  );
  expect(written.filter((one) => one === "failed")).toHaveLength(1);
  expect(written[10]).toBe("failed");
});
