import { describe, expect, it } from "vitest";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { authorizationTable, type Person, people, type Row } from "#tests/http/authorization-table.ts";
import { type Answer, bearer, requestOf, type Sender, send, session } from "#tests/http/senders.ts";
import { around, closeLog, contentOf, openWorld } from "#tests/http/world.ts";
import { idOf } from "#tests/support/people.ts";

const world = await openWorld();
const { ownerUrl } = world.database;
const table = authorizationTable(world);
await closeLog(ownerUrl);
const ids = Object.keys(operations) as OperationId[];
/** Refusals are events; the test writes tokens and sessions itself; notes that are read and answers to a pasted text are nobody's change. */
const own = ["audit_event", "access_token", "user_session"];
const before = await contentOf(ownerUrl, own);

type Verdict = "may" | "not theirs" | "hidden" | "not signed in" | "no scope" | "needs a fresh sign-in";
const verdicts: Readonly<Record<string, Verdict>> = {
  not_signed_in: "not signed in",
  token_invalid: "not signed in",
  scope_missing: "no scope",
  interactive_sign_in_required: "needs a fresh sign-in",
  not_eligible: "not theirs",
  not_found: "hidden",
};

/** Queries answer; changes get as far as the log, which is full, or to a rule of their own; input that is not valid would prove nothing. */
function verdictOf(id: OperationId, { status, code }: Answer): Verdict | string {
  if (code === undefined) return "may";
  if (verdicts[code] !== undefined) return verdicts[code];
  return operations[id].kind === "mutation" && code !== "invalid_input" && status < 500 ? "may" : `${status} ${code}`;
}

const suspended = await session("usr_gone");
const suspendedToken = await bearer(ownerUrl, "usr_gone");
const expired = await bearer(ownerUrl, idOf("security-1"), { seconds: -1 });
const revoked = await bearer(ownerUrl, idOf("security-1"), { revoked: true });

describe.each(ids)("%s", (id) => {
  const row = table[id] as Row | undefined;
  if (row === undefined) throw new Error(`${id} has no row in the authorization table`);
  const { may, notTheirs = [], decides, sessionOnly, input } = row;
  const first = may[0] ?? "requester";
  const ask = async (sender: Sender) => verdictOf(id, await send(requestOf(id, input, sender)));

  it.each(people)("as %s", async (person: Person) => {
    const expected = notTheirs.includes(person) ? "not theirs" : may.includes(person) ? "may" : "hidden";
    expect(await ask(await session(idOf(person)))).toBe(expected);
  });

  it("as nobody, a suspended person, or with a dead token: not signed in", async () => {
    for (const sender of [{}, suspended, suspendedToken, expired, revoked])
      expect(await ask(sender)).toBe("not signed in");
  });

  it("with a token that lacks the scope: no scope, for what is there and what is not", async () => {
    const other = operations[id].action === "person:read" ? "token:read" : "person:read";
    expect(await ask(await bearer(ownerUrl, idOf(first), { scopes: [other] }))).toBe("no scope");
  });

  it("with a token of whoever may, and a sign-in of an hour ago: only what decides nothing", async () => {
    const stale = decides === true ? "needs a fresh sign-in" : notTheirs.includes(first) ? "not theirs" : "may";
    expect(await ask(await session(idOf(first), 3_600))).toBe(stale);
    expect(await ask(await bearer(ownerUrl, idOf(first)))).toBe(sessionOnly === true ? "hidden" : stale);
  });
});

it("nothing changed while the log took no events: a change that cannot be recorded does not happen", async () => {
  // Drafts are nobody's business but their author's, and no event.
  await around(ownerUrl, [`delete from request where state = 'draft' and id <> '${world.draftId}'`]);
  expect(await contentOf(ownerUrl, own)).toBe(before);
});

describe("what is forbidden and what is not there", () => {
  const withId = ids.filter(
    (id) => /\{/.test(operations[id].path) && people.some((person) => !table[id].may.includes(person)),
  );

  it.each(withId)("%s answers the same to the byte but for the request id", async (id) => {
    const { input, may } = table[id];
    const stranger = await session(idOf(people.find((person) => !may.includes(person)) ?? "requester"));
    const names = [...operations[id].path.matchAll(/\{(\w+)\}/g)]
      .map(([, name]) => name ?? "")
      .filter((name) => name !== "role");
    const missing = { ...input, ...Object.fromEntries(names.map((name) => [name, "xxx_nothing"])) };
    const [forbidden, absent] = [
      await send(requestOf(id, input, stranger)),
      await send(requestOf(id, missing, stranger)),
    ];
    expect(forbidden.status).toBe(404);
    expect({ ...forbidden.body, requestId: "" }).toEqual({ ...absent.body, requestId: "" });
    const plain = ({ headers }: Answer) => [...headers].filter(([name]) => name !== "x-request-id");
    expect(plain(forbidden)).toEqual(plain(absent));
  });

  it("take about the same time", async () => {
    const stranger = await session(idOf("other-owner"));
    const times: Record<string, number[]> = { [world.agentId]: [], agt_nothing: [] };
    for (let n = 0; n < 60; n += 1) {
      for (const [agentId, list] of Object.entries(times)) {
        const started = performance.now();
        await send(requestOf("agents.get", { agentId }, stranger));
        list.push(performance.now() - started);
      }
    }
    const medians = Object.values(times).map((list) => list.sort((a, b) => a - b)[30] ?? 0);
    expect(Math.abs((medians[0] ?? 0) - (medians[1] ?? 0))).toBeLessThan(10);
  });
});
