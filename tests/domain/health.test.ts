import { expect, it } from "vitest";
import { readHealth } from "#lib/domain/health.ts";
import { health } from "#lib/http/health.ts";
import { startSequencer } from "#lib/jobs/sequencer.ts";
import { openWorkerWorld } from "#tests/jobs/world.ts";
import { eventInsert } from "#tests/support/event.ts";

const world = await openWorkerWorld();
const written = (secondsAgo: number) =>
  world.pool.query(eventInsert({ type: "instance.started", time: new Date(Date.now() - secondsAgo * 1_000) }));

it("is degraded, and alive, while events wait longer than a minute for their place in the log", async () => {
  expect(await readHealth()).toEqual({ status: "ok" });
  await written(75);
  await written(0);
  const response = await health();
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "degraded", reason: expect.stringMatching(/since 7[5-9] s/) });
  const sequencer = startSequencer(world.keys.signer);
  await expect.poll(readHealth, { timeout: 10_000 }).toEqual({ status: "ok" });
  await sequencer.stop();
  await written(45);
  expect(await readHealth()).toEqual({ status: "ok" });
});
