import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealBatch, startSealing } from "#lib/domain/audit/seal.ts";
import { newId } from "#lib/platform/id.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { eventInsert } from "#tests/support/event.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf } from "#tests/support/requests.ts";

// What whoever took over the web application or the gateway may try against the evidence of it.
const database = await openTestDatabase();
const urls = { application: database.appUrl, gateway: database.gatewayUrl };
type Held = keyof typeof urls;
const clients = {
  application: new pg.Client({ connectionString: urls.application }),
  gateway: new pg.Client({ connectionString: urls.gateway }),
};
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  await Promise.all(Object.values(clients).map((client) => client.connect()));
});
afterAll(() => Promise.all(Object.values(clients).map((client) => client.end())));

const roles = ["application", "gateway"] as const;

async function refusedWith(role: Held, sql: string, values: unknown[] = []): Promise<string> {
  try {
    await clients[role].query(sql, values);
    return "none";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const columns = ["id", "type", "time", "principal_kind", "principal_id", "subjects", "leaf"] as const;
type Row = Record<(typeof columns)[number], unknown> & { leaf: Buffer };

/** A true event, one of its columns or its leaf changed. */
function changed(change: (row: Row) => Partial<Record<keyof Row, unknown>>): unknown[] {
  const { values } = eventInsert({
    type: "call.denied",
    principal: { kind: "agent", id: "agt_1" },
    subjects: ["agt_1", "con_1"],
    data: { asked: 'a "b" \\ \u0000 \u0001 😀 ü', n: 1.5 },
  });
  const row = Object.fromEntries(columns.map((column, i) => [column, values[i]])) as Row;
  const both = { ...row, ...change(row) };
  return columns.map((column) => both[column]);
}
const edit = (from: string | RegExp, to: string) => (row: Row) => ({
  leaf: Buffer.from(row.leaf.toString().replace(from, to)),
});
const insert = `insert into audit_event (${columns.join(", ")}) values ($1, $2, $3, $4, $5, $6, $7)`;

const lies: Record<string, (row: Row) => Partial<Record<keyof Row, unknown>>> = {
  "is no JSON": () => ({ leaf: Buffer.from("{") }),
  "says nothing": () => ({ leaf: Buffer.from("{}") }),
  "is no object": () => ({ leaf: Buffer.from("[1]") }),
  "has data that is no object": edit(/"data":\{.*?\},"id"/, '"data":[1],"id"'),
  "has data that is no JSON": edit('"n":1.5', '"n":1.5,,'),
  "has more beside its members": edit('"n":1.5}', '"n":1.5},"other":1'),
  "is cut": ({ leaf }) => ({ leaf: leaf.subarray(0, -1) }),
  "ends in a space": ({ leaf }) => ({ leaf: Buffer.concat([leaf, Buffer.from(" ")]) }),
  "is of another event": () => ({ id: newId("evt") }),
  "is of another type": () => ({ type: "call.intent" }),
  "is of another version": edit('"v":1', '"v":2'),
  "was at another time": () => ({ time: new Date(Date.now() - 60_000) }),
  "was a microsecond later": ({ time }) => ({ time: `${(time as Date).toISOString().slice(0, -1)}001Z` }),
  "was another agent": () => ({ principal_id: "agt_2" }),
  "was a person": () => ({ principal_kind: "user" }),
  "names other rows": () => ({ subjects: ["agt_1", "con_2"] }),
  "names fewer rows": () => ({ subjects: ["agt_1"] }),
  "names no rows": () => ({ subjects: null }),
};
const at = (time: Date, row: Row) => ({
  time,
  ...edit((row.time as Date).toISOString(), time.toISOString())(row),
});
/** Leaves that agree with their row, which is itself none. */
const odd: Record<string, (row: Row) => Partial<Record<keyof Row, unknown>>> = {
  "an id of another form": (row) => ({ id: "evt_1!", ...edit(String(row.id), "evt_1!")(row) }),
  "a type of another form": (row) => ({ type: "Call Denied", ...edit('"call.denied"', '"Call Denied"')(row) }),
  "a principal of no kind": (row) => ({ principal_kind: "root", ...edit('"agent"', '"root"')(row) }),
  "a time long ago": (row) => at(new Date("2001-01-01T00:00:00.000Z"), row),
  "a time of the day before yesterday": (row) => at(new Date(Date.now() - 25 * 3_600_000), row),
  "a time to come": (row) => at(new Date(Date.now() + 6 * 60_000), row),
  "data that the database cannot read": (row) => ({
    type: "request.review-recorded",
    ...edit('"call.denied"', '"request.review-recorded"')(row),
  }),
  "rows out of order": (row) => ({ subjects: ["b", "a"], ...edit('["agt_1","con_1"]', '["b","a"]')(row) }),
  "a row twice": (row) => ({ subjects: ["a", "a"], ...edit('["agt_1","con_1"]', '["a","a"]')(row) }),
  "a row without a name": (row) => ({ subjects: [""], ...edit('["agt_1","con_1"]', '[""]')(row) }),
  "rows in rows": (row) => ({ subjects: [["a"], ["b"]], ...edit('["agt_1","con_1"]', '[["a"],["b"]]')(row) }),
};

describe.each(roles)("with the role of the %s", (role) => {
  it("a leaf that says what its row says is written, whatever characters are in it", async () => {
    expect(
      await refusedWith(
        role,
        insert,
        changed(() => ({})),
      ),
    ).toBe("none");
  });

  it.each(Object.entries(lies))("a leaf that %s is refused", async (_, lie) => {
    expect(await refusedWith(role, insert, changed(lie))).toBe("AM009");
  });

  it.each(Object.entries(odd))("an event with %s is refused, although its leaf says the same", async (_, change) => {
    expect(await refusedWith(role, insert, changed(change))).toBe("AM009");
  });

  it("a leaf that is no UTF-8, or over 65,535 bytes, is refused", async () => {
    const bytes = ({ leaf }: Row) => {
      const broken = Buffer.from(leaf);
      broken[broken.indexOf("asked")] = 0xff;
      return { leaf: broken };
    };
    expect(await refusedWith(role, insert, changed(bytes))).toBe("22021");
    expect(await refusedWith(role, insert, changed(edit('"n":1.5', `"n":"${"x".repeat(65_535)}"`)))).toBe("23514");
  });

  it.each([
    "insert into log_entry (leaf_index, event_id, event_seq, leaf_hash) select 0, id, seq, sha256('\\x00'::bytea || leaf) from audit_event limit 1",
    "insert into log_tile (level, tile_index, hashes) values (0, 0, '\\x00')",
    "insert into checkpoint (size, root, note) values (0, '\\x00', 'forged')",
  ])("nothing is added to the log: %s", async (sql) => {
    expect(await refusedWith(role, sql)).toBe("42501");
  });
});

it("nobody but the sequencer's role holds off the sequencer", async () => {
  for (const role of roles) {
    expect(await refusedWith(role, "select * from log_turn for update")).toBe("42501");
    // What the sequencer waited for once.
    await clients[role].query("select pg_advisory_lock_shared(7226001)");
  }
  const signer = { name: "test", keyId: new Uint8Array(4), sign: () => new Uint8Array(64) };
  await clients.application.query(eventInsert({ type: "instance.started" }));
  expect((await sealBatch(signer, await startSealing())).sealed).toBeGreaterThan(0);
});

it("the sequencer's role adds to the log and writes no event", async () => {
  await execute(database.logUrl, "select count(*) from audit_event");
  const { text, values } = eventInsert({ type: "instance.started" });
  await expect(execute(database.logUrl, text, values)).rejects.toMatchObject({ code: "42501" });
  for (const table of ["app_user", "scope_grant", "sealed_credential", "oauth_artifact"]) {
    await expect(execute(database.logUrl, `select 1 from ${table}`)).rejects.toMatchObject({ code: "42501" });
  }
});

it.each([
  "insert into log_entry (leaf_index, event_id, event_seq, leaf_hash) select 5000000, id, seq, sha256('\\x00'::bytea || leaf) from audit_event limit 1",
  "insert into log_entry (leaf_index, event_id, event_seq, leaf_hash) select 0, id, seq, sha256(leaf) from audit_event limit 1",
  "insert into log_tile (level, tile_index, hashes) select 0, 0, decode(repeat('00', 8192), 'hex')",
  "insert into checkpoint (size, root, note) values (100000, '\\x00', 'forged')",
])("the sequencer's role adds only what continues the log: %s", async (sql) => {
  await expect(execute(database.logUrl, sql)).rejects.toMatchObject({ code: "AM004" });
});

it("the sequencer's role writes no tile but that of its entries' hashes", async () => {
  await Promise.all(
    Array.from({ length: 256 }, () => clients.application.query(eventInsert({ type: "instance.started" }))),
  );
  const tile = (hashes: string) =>
    execute(database.logUrl, `insert into log_tile (level, tile_index, hashes) ${hashes}`);
  await execute(
    database.logUrl,
    `insert into log_entry (leaf_index, event_id, event_seq, leaf_hash)
     select (select count(*) from log_entry) + row_number() over (order by seq) - 1, id, seq, sha256('\\x00'::bytea || leaf)
     from audit_event e where not exists (select from log_entry l where l.event_seq = e.seq)`,
  );
  await expect(tile("values (0, 0, decode(repeat('00', 8192), 'hex'))")).rejects.toMatchObject({ code: "AM004" });
  await tile("select 0, 0, string_agg(leaf_hash, '' order by leaf_index) from log_entry where leaf_index < 256");
});

it("every guard reads the tables of its own schema, and no role makes temporary ones", async () => {
  const open = await execute(
    database.ownerUrl,
    `select proname from pg_proc where pronamespace = 'public'::regnamespace and proname like 'ambit\\_%'
       and coalesce(proconfig::text, '') not like '%search_path=pg_catalog, public, pg_temp%'`,
  );
  expect(open).toEqual([]);
  for (const role of roles) expect(await refusedWith(role, "create temp table ownership (id text)")).toBe("42501");
});

describe("the policy epoch", () => {
  const epoch = async () =>
    Number((await execute(database.ownerUrl, "select epoch::int as epoch from policy_epoch"))[0]?.epoch);

  async function rename(agents: readonly string[], settings: string): Promise<void> {
    const client = clients.application;
    await client.query(`begin; ${settings}`);
    for (const id of agents) await client.query("update agent set purpose = purpose || '!' where id = $1", [id]);
    await client.query(
      eventInsert({ type: "agent.updated", principal: { kind: "user", id: idOf("owner") }, subjects: agents }),
    );
    await client.query("commit");
  }

  it("rises once with every transaction that changes policy, whatever its session has set", async () => {
    const agents = [await agentOf("owner", "first"), await agentOf("owner", "second")];
    const before = await epoch();
    await rename(agents, "");
    expect(await epoch()).toBe(before + 1);
    await rename(agents, "select set_config('ambit.bumped', pg_current_xact_id()::text, true)");
    expect(await epoch()).toBe(before + 2);
    expect(await refusedWith("application", "update policy_epoch_part set raised_by = pg_current_xact_id()")).toBe(
      "42501",
    );
  });

  it("rises with what is committed, not with what was taken back to a savepoint", async () => {
    const id = await agentOf("owner", "third");
    const before = await epoch();
    await rename([id], "savepoint a; update agent set purpose = 'x'; rollback to a");
    expect(await epoch()).toBe(before + 1);
    expect((await act("owner", "agents.get", { agentId: id })).purpose).toBe("Tests!");
  });
});
