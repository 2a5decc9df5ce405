import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { expect, test } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { listen } from "#lib/db/pool.ts";
import { queryRows, sql, withTransaction } from "#lib/db/tx.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";

const database = await openTestDatabase();

test("a worker runs jobs as ambit_app", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const logger = new Logger(() => () => {});
  const taskList = { hello: async (payload: unknown) => resolve(payload) };
  const worker = await run({ connectionString: database.appUrl, noHandleSignals: true, taskList, logger });
  const utils = await makeWorkerUtils({ connectionString: database.appUrl });
  await utils.addJob("hello", { to: "you" }, { queueName: "one", jobKey: "key" });
  expect(await promise).toEqual({ to: "you" });
  await utils.release();
  await worker.stop();
});

test("login roles own nothing, are bounded in time and cannot make roles", async () => {
  for (const url of [database.appUrl, database.gatewayUrl]) {
    const [row] = await execute(
      url,
      "select current_setting('transaction_timeout') as t, current_setting('statement_timeout') as s",
    );
    expect(row).toEqual({ t: "1min", s: "30s" });
    await expect(execute(url, "create role intruder")).rejects.toThrow(/permission denied/);
    await expect(execute(url, "create table mine (id int)")).rejects.toThrow(/permission denied/);
  }
});

test("a transaction commits whole or not at all", async () => {
  const rows = await withTransaction((tx) => queryRows<{ one: number }>(tx, sql`select ${1}::int as one`));
  expect(rows).toEqual([{ one: 1 }]);
  await execute(database.ownerUrl, "insert into instance (mode, log_origin) values ('demo', 'test')");
  const failed = withTransaction(async (tx) => {
    await queryRows(tx, sql`update instance set setup_closed_at = now()`);
    throw new Error("stop");
  });
  await expect(failed).rejects.toThrow("stop");
  expect(await prisma().instance.count({ where: { setupClosedAt: { not: null } } })).toBe(0);
});

test("a subscription that broke comes back and says so", async () => {
  const heard: string[] = [];
  let connected = 0;
  let lost = 0;
  const listener = listen(
    database.appUrl,
    ["news"],
    (_, payload) => heard.push(payload),
    () => connected++,
    () => lost++,
  );
  await expect.poll(() => connected).toBe(1);
  await execute(
    database.ownerUrl,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ambit-listen'",
  );
  await expect.poll(() => connected, { timeout: 10_000 }).toBe(2);
  expect(lost).toBe(1);
  await execute(database.appUrl, "select pg_notify('news', 'again')");
  await expect.poll(() => heard).toEqual(["again"]);
  await listener.close();
});
