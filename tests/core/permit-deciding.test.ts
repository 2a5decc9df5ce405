import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Action, actions } from "#lib/core/action.ts";
import { allowed, type Caller, decidingSignInSeconds, permissions, type ResourceFacts } from "#lib/core/permit.ts";
import type { Role } from "#lib/core/principal.ts";

const me = "usr_me";
const person = (...roles: Role[]): Caller => ({
  kind: "user",
  id: me,
  roles,
  via: "session",
  interactiveSignInAgeSeconds: 30,
});
const token = (caller: Caller, ...tokenScopes: string[]): Caller => ({
  ...caller,
  via: "token",
  interactiveSignInAgeSeconds: null,
  tokenScopes,
});

/** Something that the caller has nothing to do with. */
const foreign: ResourceFacts = {
  ownerIds: ["usr_other"],
  requesterId: "usr_other",
  subjectId: "usr_other",
  delegateIds: ["usr_other"],
  inCatalogue: false,
  change: { operation: "agents.add-key", beneficiaryIds: ["usr_other"] },
};

const everyone: Action[] = [
  "request:draft",
  "agent:register",
  "person:read",
  "team:read",
  "setup:claim",
  "probe:start",
];

const deciding = actions.filter((action) => permissions[action].decides);
/** Related to the thing in every way that does not conflict with deciding on it. */
const close: ResourceFacts = { ...foreign, ownerIds: [me], delegateIds: [me], subjectId: me, inCatalogue: true };
const all: Role[] = ["security_reviewer", "data_protection_reviewer", "platform_reviewer", "administrator"];

describe("deciding", () => {
  test("covers approving, releasing, enabling, undoing a stop, making administrators and access tokens", () => {
    expect(deciding).toEqual([
      "connector:enable",
      "connector:resume",
      "tool:relabel",
      "request:review",
      "request:reclassify",
      "agent:resume",
      "person:resume",
      "role:name-second-administrator",
      "setup:claim",
      "token:create",
      "change:confirm",
      "package:release",
    ]);
  });

  test("is never possible by an access token, whatever its scopes and its owner's roles", () => {
    for (const action of deciding) {
      expect(allowed(token(person(...all), "*"), action, close)).toBe(false);
      expect(allowed({ ...token(person(...all), "*"), interactiveSignInAgeSeconds: 1 }, action, close)).toBe(false);
    }
  });

  test("is possible by the token of a demo instance", () => {
    for (const action of deciding) {
      expect(allowed({ ...token(person(...all), "*"), demo: true }, action, close)).toBe(true);
    }
  });

  test("takes an interactive sign-in of the last ten minutes", () => {
    const aged = (age: number | null): Caller => ({ ...person(...all), interactiveSignInAgeSeconds: age });
    for (const action of deciding) {
      expect(allowed(aged(decidingSignInSeconds), action, close)).toBe(true);
      for (const age of [decidingSignInSeconds + 1, -1, Number.NaN, null]) {
        expect(allowed(aged(age), action, close)).toBe(false);
      }
    }
  });

  test("is another person's: not on one's own request, package or change, and not on what one gains by", () => {
    const mine = { ...close, requesterId: me };
    for (const action of ["request:review", "request:reclassify", "package:release", "change:confirm"] as const) {
      expect(allowed(person(...all), action, close)).toBe(true);
      expect(allowed(person(...all), action, mine)).toBe(false);
    }
    const gain = { ...close, change: { operation: "roles.assign", beneficiaryIds: [me] } };
    expect(allowed(person(...all), "change:confirm", gain)).toBe(false);
    expect(allowed(person(...all), "change:confirm", { ownerIds: [me] })).toBe(false);
  });

  test("on roles, teams, tiers and the allow-list is an administrator's; security confirms agents, connectors and tools", () => {
    const confirms = (role: Role, operation: string) =>
      allowed(person(role), "change:confirm", { ...foreign, change: { operation, beneficiaryIds: [] } });
    for (const operation of ["roles.assign", "teams.add-member", "tiers.update", "egress.add"]) {
      expect(confirms("security_reviewer", operation)).toBe(false);
      expect(confirms("administrator", operation)).toBe(true);
    }
    for (const operation of ["agents.add-key", "connectors.resume", "tools.relabel"]) {
      expect(confirms("security_reviewer", operation)).toBe(true);
    }
  });
});

describe("a permission", () => {
  test("by token needs its scope: the action, its noun, or all", () => {
    expect(allowed(token(person()), "request:draft", {})).toBe(false);
    expect(allowed(token(person(), "request:read", "grant:*"), "request:draft", {})).toBe(false);
    for (const scope of ["request:draft", "request:*", "*"]) {
      expect(allowed(token(person(), scope), "request:draft", {})).toBe(true);
    }
  });

  test("never comes from a scope alone", () => {
    expect(allowed(token(person(), "*"), "role:assign", close)).toBe(false);
  });

  test("to change anything is not an auditor's, whatever other roles they hold and own", () => {
    const changes = actions
      .filter((action) => allowed(person("auditor", ...all), action, close))
      .filter((action) => !action.endsWith(":read"));
    expect(changes).toEqual(["token:create", "token:revoke", "evidence:export", "evidence:download", "access:explain"]);
  });

  test("is nobody's but a person's or a job's", () => {
    const kinds = fc.constantFrom<Caller["kind"]>("agent", "service", "system");
    const via = fc.constantFrom<Caller["via"]>("session", "token", "job");
    fc.assert(
      fc.property(kinds, via, fc.constantFrom(...actions), (kind, how, action) => {
        fc.pre(!(kind === "system" && how === "job"));
        const caller: Caller = { ...person("administrator", "auditor", ...all), kind, via: how, tokenScopes: ["*"] };
        expect(allowed(caller, action, close)).toBe(false);
      }),
    );
    expect(actions.some((action) => allowed({ ...person(...all), via: "job" }, action, close))).toBe(false);
  });

  test("is not held by a relation that is not stated", () => {
    expect(actions.filter((action) => allowed(person(), action, {})).sort()).toEqual(everyone.toSorted());
  });
});
