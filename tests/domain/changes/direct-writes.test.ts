import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#lib/platform/id.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { eventInsert } from "#tests/support/event.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf } from "#tests/support/requests.ts";

// What a web process that was taken over, or a careless one, may try as the application's own role.
const database = await openTestDatabase();
const app = new pg.Client({ connectionString: database.appUrl });
let agentId = "";
let teamId = "";
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  agentId = await agentOf("owner", "bot");
  teamId = (await act("administrator", "teams.create", { name: "Crew", kind: "business" })).id;
  await app.connect();
});
afterAll(() => app.end());

type Proposal = {
  operation: string;
  subject: string;
  input: object;
  by?: string;
  beneficiaries?: string[];
  days?: number;
};

async function event(...subjects: string[]): Promise<void> {
  const principal = { kind: "user", id: "usr_administrator" } as const;
  await app.query(eventInsert({ type: "role.granted", principal, subjects }));
}

/** One transaction with every event that it could need; undefined when it is committed, else its SQLSTATE. */
async function attempt(work: () => Promise<unknown>, ...subjects: string[]): Promise<string | undefined> {
  await app.query("begin");
  try {
    await work();
    await event(...subjects);
    await app.query("commit");
    return undefined;
  } catch (error) {
    await app.query("rollback");
    return (error as { code?: string }).code;
  }
}

async function propose({
  operation,
  subject,
  input,
  by = "administrator",
  beneficiaries = [],
  days = 7,
}: Proposal): Promise<string> {
  const id = newId("chg");
  await app.query(
    `insert into change (id, operation, subject_id, input, digest, summary, reason, proposed_by, beneficiaries, expires_at)
     values ($1, $2, $3, $4, '', '', '', $5, $6, now() + make_interval(days => $7))`,
    [id, operation, subject, JSON.stringify(input), by.startsWith("usr_") ? by : `usr_${by}`, beneficiaries, days],
  );
  return id;
}

const decide = (changeId: string, by: string, verdict = "confirm") =>
  app.query("insert into change_decision (id, change_id, verdict, decided_by, reason) values ($1, $2, $3, $4, 'x')", [
    newId("chd"),
    changeId,
    verdict,
    by,
  ]);

/** Each thing of two: what its change says, and the row that it would write. */
const things: Record<
  string,
  {
    proposal: () => Proposal;
    write: (change: string | null, source: string) => Promise<unknown>;
    named: () => string[];
  }
> = {
  role: {
    proposal: () => ({
      operation: "roles.assign",
      subject: idOf("stranger"),
      input: { role: "administrator" },
      beneficiaries: [idOf("stranger")],
    }),
    write: (change, source) =>
      app.query(
        "insert into role_assignment (id, user_id, role, source, change_id) values ($1, $2, 'administrator', $3, $4)",
        [newId("rol"), idOf("stranger"), source, change],
      ),
    named: () => [idOf("stranger")],
  },
  key: {
    proposal: () => ({
      operation: "agents.add-key",
      subject: agentId,
      input: { publicJwk: { kty: "x" } },
      by: "owner",
      beneficiaries: [idOf("owner")],
    }),
    write: (change, source) =>
      app.query(
        "insert into agent_key (id, agent_id, thumbprint, public_jwk, algorithm, source, change_id, added_by) values ($1, $2, $1, $3, 'EdDSA', $4, $5, 'usr_owner')",
        [newId("key"), agentId, { kty: "x" }, source, change],
      ),
    named: () => [agentId],
  },
  membership: {
    proposal: () => ({
      operation: "teams.add-member",
      subject: teamId,
      input: { memberId: idOf("stranger"), memberKind: "user" },
      beneficiaries: [idOf("stranger")],
    }),
    write: (change, source) =>
      app.query(
        "insert into team_member (id, team_id, member_kind, member_id, source, change_id) values ($1, $2, 'user', $3, $4, $5)",
        [newId("mem"), teamId, idOf("stranger"), source, change],
      ),
    named: () => [teamId],
  },
  delegate: {
    proposal: () => ({
      operation: "delegates.set",
      subject: idOf("security-1"),
      input: { delegateId: idOf("stranger") },
      by: idOf("security-1"),
      beneficiaries: [idOf("stranger")],
    }),
    write: (change) =>
      app.query(
        "insert into delegate (id, user_id, delegate_id, starts_at, ends_at, change_id) values ($1, $2, $3, now(), now() + interval '1 day', $4)",
        [newId("del"), idOf("security-1"), idOf("stranger"), change ?? "chg_none"],
      ),
    named: () => [idOf("security-1")],
  },
  egress: {
    proposal: () => ({ operation: "egress.add", subject: "h.example:443", input: { host: "h.example", port: 443 } }),
    write: (change, source) =>
      app.query(
        "insert into egress_allow (id, host, port, reason, source, change_id, expires_at) values ('egr_x', 'h.example', 443, 'x', $1, $2, now() + interval '1 day')",
        [source, change],
      ),
    named: () => ["egr_x"],
  },
  tiers: {
    proposal: () => ({ operation: "tiers.update", subject: "tiers_2", input: { settings: { low: 1 } } }),
    write: (change, source) =>
      app.query("insert into tier_config (version, settings, source, change_id) values (2, $1, $2, $3)", [
        { low: 1 },
        source,
        change,
      ]),
    named: () => [],
  },
};

describe.each(Object.keys(things))("PostgreSQL and a new %s", (name) => {
  const thing = things[name];
  if (thing === undefined) throw new Error(name);
  const { proposal, write, named } = thing;
  const tryWith = (prepare: () => Promise<string | null>, source = "change") => {
    let change: string | null = null;
    return attempt(
      async () => {
        change = await prepare();
        await write(change, source);
        await event(change ?? "");
      },
      ...named(),
    );
  };

  it("refuses it without a change, whatever source it names", async () => {
    for (const source of ["demo", "setup", "second", "default", "change"]) {
      expect(await tryWith(() => Promise.resolve(null), source)).toBe("AM005");
    }
  });

  it("refuses it when the change is only proposed, or was rejected", async () => {
    expect(await tryWith(() => propose(proposal()))).toBe("AM005");
    const rejected = async () => {
      const id = await propose(proposal());
      await decide(id, idOf("administrator-2"), "reject");
      return id;
    };
    expect(await tryWith(rejected)).toBe("AM005");
  });

  it("refuses the confirmation of the proposer, of whoever gains, of a suspended person and of one without the office", async () => {
    const { by = "administrator", beneficiaries = [] } = proposal();
    const wrong = [
      by.startsWith("usr_") ? by : `usr_${by}`,
      ...beneficiaries,
      idOf("requester"),
      idOf("auditor"),
      "usr_nobody",
    ];
    for (const person of wrong) {
      const confirmed = async () => {
        const id = await propose(proposal());
        await decide(id, person);
        return id;
      };
      expect(await tryWith(confirmed)).toBe("AM005");
    }
  });

  it("refuses a confirmation that came too late, or is about something else", async () => {
    const late = async () => {
      const id = await propose({ ...proposal(), days: -1 });
      await decide(id, idOf("administrator-2"));
      return id;
    };
    expect(await tryWith(late)).toBe("AM005");
    for (const change of [{ operation: "people.resume" }, { subject: "another" }, { input: {} }]) {
      // Of an allow-list entry and of tiers, the input is the subject.
      if (change.subject !== undefined && (name === "egress" || name === "tiers")) continue;
      const other = async () => {
        const id = await propose({ ...proposal(), ...change });
        await decide(id, idOf("administrator-2"));
        return id;
      };
      expect(await tryWith(other)).toBe("AM005");
    }
  });

  it("takes it in the transaction of its confirmation, and never again from that one", async () => {
    let id = "";
    const confirmed = async () => {
      id = await propose(proposal());
      await decide(id, idOf("administrator-2"));
      await event(id);
      return id;
    };
    await app.query("begin");
    await write(await confirmed(), "change");
    await app.query("rollback");

    expect(await attempt(confirmed, "x")).toBeUndefined();
    expect(await tryWith(() => Promise.resolve(id))).toBe("AM005");
  });
});

describe("PostgreSQL and a lifted suspension", () => {
  it("refuses to let a person in again with the confirmation of an earlier time", async () => {
    const resumed = await suspendAndResume();
    await act("security-1", "people.suspend", { personId: idOf("stranger"), reason: "Again" });
    const back = () =>
      app.query("update app_user set status = 'active', change_id = $2 where id = $1", [idOf("stranger"), resumed]);
    expect(await attempt(back, idOf("stranger"))).toBe("AM005");
  });

  async function suspendAndResume(): Promise<string> {
    await act("security-1", "people.suspend", { personId: idOf("stranger"), reason: "To see" });
    const { changeId } = await act("administrator", "people.resume", {
      personId: idOf("stranger"),
      reason: "All is well",
    });
    await act("administrator-2", "changes.confirm", { changeId, reason: "Agreed" });
    return changeId;
  }
});

it("PostgreSQL refuses an agent's owner as the second person for its new team, even where the change hides that they gain", async () => {
  await seedAdministrator(idOf("owner"));
  const join = async () => {
    const id = await propose({
      operation: "teams.add-member",
      subject: teamId,
      input: { memberId: agentId, memberKind: "agent" },
    });
    await decide(id, idOf("owner"));
    await event(id);
    await app.query(
      "insert into team_member (id, team_id, member_kind, member_id, source, change_id) values ('mem_a', $1, 'agent', $2, 'change', $3)",
      [teamId, agentId, id],
    );
  };
  expect(await attempt(join, teamId)).toBe("AM005");
});

async function seedAdministrator(personId: string): Promise<void> {
  const { changeId } = await act("administrator", "roles.assign", { personId, role: "administrator", reason: "Test" });
  await act("administrator-2", "changes.confirm", { changeId, reason: "Test" });
}
