import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { endThem } from "#lib/instance/long-transactions.ts";
import { newId } from "#lib/platform/id.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { act, seedPeople } from "#tests/support/people.ts";
import { enabledConnector, readingTool } from "#tests/support/requests.ts";

// What whoever took over a role may try to keep others from stopping it.
const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));
const policyEpoch = async () => Number((await execute(database.ownerUrl, "select epoch from policy_epoch"))[0]?.epoch);

/** A transaction that wrote and does not end, of a session that took its bounds off. */
async function leaveOpen(url: string, sql: string, values: unknown[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const bounds = ["idle_in_transaction_session_timeout", "transaction_timeout", "statement_timeout"];
  for (const name of bounds) await client.query(`set ${name} = 0`);
  await client.query("begin");
  await client.query(sql, values);
  return client;
}

it("a gateway whose quarantine does not end keeps nobody from suspending, and each raises the epoch once", async () => {
  const { connectorId } = await enabledConnector("stop.example", [readingTool("get_file")]);
  const before = await policyEpoch();
  const gateway = await leaveOpen(
    database.gatewayUrl,
    "insert into quarantine (id, connector_id, tool_id, reason, seen) values ($1, 'con_x', 'tol_x', 'x', null)",
    [newId("qua")],
  );
  const stop = { connectorId, reason: "It must stop now" };
  expect((await act("security-1", "connectors.suspend", stop)).status).toBe("suspended");
  expect(await policyEpoch()).toBe(before + 1);
  await gateway.end();
});

it("a transaction that outlives its bound is ended, whichever role it is of", async () => {
  for (const url of [database.appUrl, database.gatewayUrl, database.logUrl]) {
    const client = await leaveOpen(url, "select 1", []);
    const ended = new Promise((resolve) => client.once("end", resolve));
    expect(await endThem(database.ownerUrl)).toBe(0);
    expect(await endThem(database.ownerUrl, 0)).toBeGreaterThan(0);
    await ended;
  }
});
