import { describe, expect, test } from "vitest";
import {
  eligibility,
  eligiblePeople,
  nobodyEligible,
  type Owner,
  type RequestFacts,
} from "#lib/core/review/eligibility.ts";
import { defaultTierSettings, stagesFor } from "#lib/core/review/stages.ts";
import { away, calmFacts, minute, person } from "#tests/core/review/request-world.ts";

const now = minute(30);
const facts = (change: Partial<RequestFacts> = {}): RequestFacts => ({ ...calmFacts, votes: [], ...change });
const why = (id: string, stage: Parameters<typeof eligibility>[1], change: Partial<RequestFacts> = {}) =>
  eligibility(id, stage, facts(change), now).why;
const owner = (change: Partial<Owner>): Owner => ({
  kind: "user",
  id: "security-1",
  role: "technical",
  namedBy: "requester",
  confirmed: false,
  ...change,
});

describe("a stage is decided", () => {
  test("by people with its role, by owners for the owner stage, and by nobody for being administrator", () => {
    const ids = (stage: Parameters<typeof eligiblePeople>[0]) =>
      eligiblePeople(stage, facts(), now).map(({ personId }) => personId);
    expect(ids("security")).toEqual(["security-1", "security-2"]);
    expect(ids("owner")).toEqual(["owner"]);
    expect(ids("data_protection")).toEqual(["data-protection"]);
    expect(ids("platform")).toEqual(["platform"]);
    expect(why("administrator", "security")).toBe("role_missing");
  });

  test("never by the requester, the last editor or the owner of the agent that benefits", () => {
    expect(why("requester", "security")).toBe("requester");
    expect(why("editor", "security")).toBe("last_editor");
    expect(why("agent-owner", "security")).toBe("benefiting_agent_owner");
  });

  test("never by an owner, or a member of an owning team, whom the requester named and security has not confirmed", () => {
    expect(why("security-1", "security", { owners: [owner({})] })).toBe("unconfirmed_owner");
    const people = [...calmFacts.people, person("member", ["platform_reviewer"], ["team"])];
    const owners = [owner({ kind: "team", id: "team" })];
    expect(why("member", "platform", { people, owners })).toBe("unconfirmed_owner");
    expect(why("member", "owner", { people, owners })).toBe("unconfirmed_owner");
  });

  test("never by an owner whom nobody confirmed, whoever named it", () => {
    expect(why("owner", "owner", { owners: [owner({ id: "owner", namedBy: "administrator" })] })).toBe("role_missing");
  });

  test("never by a delegate of any of those, even in a role of their own", () => {
    for (const excluded of ["requester", "editor", "agent-owner"]) {
      expect(why("security-1", "security", { delegations: [away(excluded, "security-1")] })).toBe(
        "delegate_of_excluded",
      );
    }
    expect(
      why("security-2", "security", { owners: [owner({})], delegations: [away("security-1", "security-2")] }),
    ).toBe("delegate_of_excluded");
  });

  test("by a confirmed owner on the owner stage and on no other", () => {
    const owners = [owner({ confirmed: true })];
    expect(why("security-1", "owner", { owners })).toBe("own_right");
    expect(why("security-1", "security", { owners })).toBe("owner_counts_for_owner_stage");
  });

  test("not by a security owner as owner", () => {
    expect(why("owner", "owner", { owners: [owner({ id: "owner", role: "security", confirmed: true })] })).toBe(
      "role_missing",
    );
  });

  test("never by an auditor, an inactive or an unknown person", () => {
    const people = [
      person("watcher", ["auditor", "security_reviewer"]),
      { ...person("gone", ["security_reviewer"]), active: false },
    ];
    expect(why("watcher", "security", { people })).toBe("auditor");
    expect(why("gone", "security", { people })).toBe("not_active");
    expect(why("nobody", "security", { people })).toBe("unknown_person");
  });
});

describe("one person", () => {
  const both = person("both", ["security_reviewer", "data_protection_reviewer"]);
  const people = [...calmFacts.people, both];

  test("who counts on one stage counts on no other", () => {
    const votes = [{ stageKind: "security", reviewerId: "both", onBehalfOf: null } as const];
    expect(why("both", "data_protection", { people })).toBe("own_right");
    expect(why("both", "data_protection", { people, votes })).toBe("already_counted");
  });

  test("whose delegate voted has voted, and so has the delegate", () => {
    const votes = [{ stageKind: "security", reviewerId: "data-protection", onBehalfOf: "both" } as const];
    expect(why("both", "data_protection", { people, votes })).toBe("already_counted");
    expect(why("data-protection", "data_protection", { people, votes })).toBe("already_counted");
  });
});

describe("a delegate", () => {
  test("acts for an eligible reviewer while the delegation lasts", () => {
    const delegations = [away("security-1", "stand-in")];
    expect(eligibility("stand-in", "security", facts({ delegations }), now)).toEqual({
      eligible: true,
      why: "delegate",
      onBehalfOf: "security-1",
    });
    expect(eligibility("stand-in", "platform", facts({ delegations }), now).eligible).toBe(false);
    expect(eligibility("stand-in", "security", facts({ delegations }), minute(600)).eligible).toBe(false);
  });

  test("does not pass the delegation on", () => {
    const delegations = [away("security-1", "administrator"), away("administrator", "stand-in")];
    expect(why("stand-in", "security", { delegations })).toBe("role_missing");
  });
});

describe("before submission", () => {
  const stages = stagesFor("connector", "high", defaultTierSettings, { grantIsWide: false, unchanged: false }).stages;

  test("nothing is missing where each stage finds its people", () => {
    expect(nobodyEligible(stages, facts(), now)).toEqual([]);
  });

  test("an owner whom security still has to confirm is enough, the requester as only owner is not", () => {
    expect(nobodyEligible(stages, facts({ owners: [owner({ id: "owner" })] }), now)).toEqual([]);
    expect(nobodyEligible(stages, facts({ owners: [owner({ id: "requester" })] }), now)).toEqual([
      { kind: "owner", quorum: 1, found: 0 },
    ]);
  });

  test("a person who would be needed twice is missing once", () => {
    const people = calmFacts.people
      .filter(({ id }) => id !== "data-protection" && id !== "security-2")
      .concat(person("security-2", ["security_reviewer", "data_protection_reviewer"]));
    expect(nobodyEligible(stages, facts({ people }), now)).toEqual([{ kind: "data_protection", quorum: 1, found: 0 }]);
  });

  test("people are given to stages so that as many as possible are staffed", () => {
    const people = [
      person("owner"),
      person("all", ["security_reviewer", "data_protection_reviewer", "platform_reviewer"]),
      person("two", ["security_reviewer", "data_protection_reviewer"]),
      person("one", ["security_reviewer"]),
      person("other", ["security_reviewer"]),
    ];
    expect(nobodyEligible(stages, facts({ people }), now)).toEqual([]);
  });
});
