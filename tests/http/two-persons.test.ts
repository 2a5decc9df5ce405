import { describe, expect, it } from "vitest";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { prisma } from "#lib/db/client.ts";
import { authorizationTable, people } from "#tests/http/authorization-table.ts";
import { requestOf, send, session } from "#tests/http/senders.ts";
import { around, contentOf, openWorld } from "#tests/http/world.ts";
import { idOf } from "#tests/support/people.ts";
import { eventsOf } from "#tests/support/requests.ts";

const world = await openWorld();
const { ownerUrl } = world.database;
const table = authorizationTable(world);
await around(ownerUrl, [
  `update agent set status = 'suspended' where id = '${world.agentId}'`,
  `update connector set status = 'suspended' where id = '${world.connectorId}'`,
]);
// A key that nobody proposed yet.
const fresh = { ...table["agents.add-key"].input, publicJwk: { kty: "OKP", crv: "Ed25519", x: "B".repeat(43) } };
table["agents.add-key"] = { ...table["agents.add-key"], input: fresh };

const two = (Object.keys(operations) as OperationId[]).filter((id) => operations[id].control === "two");
/** What a proposal itself writes, and the sessions of the test. */
const own = ["change", "audit_event", "user_session"];
const confirm = async (changeId: unknown, person: string) =>
  send(requestOf("changes.confirm", { changeId, reason: "Seen and agreed" }, await session(person)));

it("names every operation that widens reach, eligibility or trust", () => {
  expect(two.sort()).toEqual(
    [
      "agents.add-key",
      "agents.resume",
      "connectors.resume",
      "connectors.set-owner",
      "delegates.set",
      "egress.add",
      "people.resume",
      "roles.assign",
      "teams.add-member",
      "tiers.update",
      "tools.relabel",
    ].sort(),
  );
});

describe.each(two)("%s", (id) => {
  const { may, input } = table[id];

  it("run alone by whoever may, changes nothing but that there is a proposal", async () => {
    const before = await contentOf(ownerUrl, own);
    for (const person of people) {
      const answer = await send(requestOf(id, input, await session(idOf(person))));
      if (!may.includes(person)) {
        expect(answer.code).toBe("not_found");
        continue;
      }
      expect(answer.body).toMatchObject({ state: "proposed" });
      expect(await eventsOf(String(answer.body.changeId))).toEqual(["change.proposed"]);
    }
    expect(await contentOf(ownerUrl, own)).toBe(before);
  });

  it("is confirmed by nobody who proposed it, gains by it, or has no such office", async () => {
    const proposer = idOf(may[0] ?? "owner");
    const { body } = await send(requestOf(id, input, await session(proposer)));
    const change = await prisma().change.findUniqueOrThrow({ where: { id: String(body.changeId) } });
    const before = await contentOf(ownerUrl, ["audit_event", "user_session"]);
    const seeing = new Set([proposer, idOf("auditor"), idOf("security-1"), idOf("administrator")]);
    const others = ["requester", "other-owner", "data-protection", "platform", "auditor"] as const;
    const ofPeople = /^(?:agents|connectors|tools)\./.test(id) ? [] : [idOf("security-1")];
    for (const person of [proposer, ...others.map(idOf), ...ofPeople]) {
      const { code, body: told } = await confirm(change.id, person);
      expect(code, person).toBe(seeing.has(person) ? "not_eligible" : "not_found");
      if (code === "not_eligible") expect(told.detail).toMatch(/^(?:You|Only|Auditors) .*\.$/);
    }
    // Those who gain, even as administrators.
    for (const person of change.beneficiaries.filter((one) => one.startsWith("usr_") && one !== "usr_gone")) {
      await around(ownerUrl, [
        `insert into role_assignment (id, user_id, role, source) values ('rol_x', '${person}', 'administrator', 'demo')`,
      ]);
      expect((await confirm(change.id, person)).code).toBe("not_eligible");
      await around(ownerUrl, ["delete from role_assignment where id = 'rol_x'"]);
    }
    expect(await contentOf(ownerUrl, ["audit_event", "user_session"])).toBe(before);
  });

  it("is carried out exactly once by a second person, and says who they were", async () => {
    const { body } = await send(requestOf(id, input, await session(idOf(may[0] ?? "owner"))));
    const changeId = String(body.changeId);
    const both = await Promise.all([
      confirm(changeId, idOf("administrator-2")),
      confirm(changeId, idOf("administrator-2")),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const decision = await prisma().changeDecision.findUniqueOrThrow({ where: { changeId } });
    expect(decision).toMatchObject({ verdict: "confirm", decidedBy: idOf("administrator-2") });
    expect(await eventsOf(changeId)).toEqual(expect.arrayContaining(["change.proposed", "change.confirmed"]));
    expect((await confirm(changeId, idOf("administrator-2"))).code).toBe("invalid_transition");
  });
});
