import { beforeAll, describe, expect, it } from "vitest";
import type { InputOf } from "#lib/contract/index.ts";
import { prisma } from "#lib/db/client.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, seedPeople } from "#tests/support/people.ts";
import { eventsOf, refusal } from "#tests/support/requests.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

const reason = "Because of the test";
const confirm = (changeId: string) => act("administrator-2", "changes.confirm", { changeId, reason });
type Tiers = InputOf<"tiers.update">["settings"];

async function withLow(change: Partial<Tiers["low"]>): Promise<Tiers> {
  const { settings } = await act("administrator", "tiers.get", {});
  return { ...settings, low: { ...settings.low, ...change } };
}

describe("tiers and stages", () => {
  it("change by two, as a new version that keeps the old one", async () => {
    const settings = await withLow({ grantMaxDays: 30 });
    const { changeId } = await act("administrator", "tiers.update", { settings, reason });
    expect(await act("auditor", "tiers.get", {})).toMatchObject({
      version: 1,
      settings: { low: { grantMaxDays: 365 } },
    });
    await confirm(changeId);
    expect(await act("auditor", "tiers.get", {})).toMatchObject({
      version: 2,
      settings: { low: { grantMaxDays: 30 } },
    });
    expect(await prisma().tierConfig.count()).toBe(2);
    expect(await eventsOf(changeId)).toEqual(
      expect.arrayContaining(["change.proposed", "tier.changed", "change.confirmed"]),
    );
  });

  it("do not change by a proposal that was made before another one was carried out", async () => {
    const [one, other] = [await withLow({ grantMaxDays: 20 }), await withLow({ dueWorkingDays: 9 })];
    const first = await act("administrator", "tiers.update", { settings: one, reason });
    const second = await act("administrator", "tiers.update", { settings: other, reason });
    await confirm(first.changeId);
    expect((await refusal(confirm(second.changeId))).code).toBe("conflict");
    expect((await act("auditor", "tiers.get", {})).settings.low).toMatchObject({ grantMaxDays: 20, dueWorkingDays: 3 });
    expect(await prisma().changeDecision.count({ where: { changeId: second.changeId } })).toBe(0);
  });

  it("cannot be left without a security stage, or waiting in a circle", async () => {
    const settings = [
      await withLow({ stages: [{ kind: "owner", quorum: 1 }] }),
      await withLow({
        stages: [
          { kind: "security", quorum: 1, after: ["owner"] },
          { kind: "owner", quorum: 1, after: ["security"] },
        ],
      }),
      await withLow({
        stages: [
          { kind: "security", quorum: 1 },
          { kind: "security", quorum: 1 },
        ],
      }),
    ];
    for (const one of settings)
      expect((await refusal(act("administrator", "tiers.update", { settings: one, reason }))).code).toBe(
        "invalid_input",
      );
  });
});

describe("the allow-list", () => {
  const add = (host: string, port = 443, days = 1) => act("administrator", "egress.add", { host, port, days, reason });

  it("takes one exact host and port by two, with an end, and loses it by one at once", async () => {
    const { changeId } = await add("inner.example", 8443, 30);
    expect((await act("auditor", "egress.list", {})).items).toEqual([]);
    await confirm(changeId);
    const [entry] = (await act("auditor", "egress.list", {})).items;
    expect(entry).toMatchObject({ host: "inner.example", port: 8443, removedAt: null });
    const left = (Date.parse(entry?.expiresAt ?? "") - Date.now()) / 86_400_000;
    expect(left).toBeGreaterThan(29.9);
    expect(left).toBeLessThan(30.1);
    expect((await refusal(add("inner.example", 8443))).code).toBe("already_exists");
    const remove = () => act("administrator", "egress.remove", { entryId: entry?.id ?? "", reason });
    await remove();
    expect((await refusal(remove())).code).toBe("invalid_transition");
    expect((await act("auditor", "egress.list", {})).items).toEqual([]);
    expect(await eventsOf(entry?.id ?? "")).toEqual(["egress.host-allowed", "egress.host-removed"]);
  });

  it("takes one host once, whoever confirms first", async () => {
    const [first, second] = [await add("twice.example"), await add("twice.example")];
    await confirm(first.changeId);
    expect((await refusal(confirm(second.changeId))).code).toBe("already_exists");
  });

  it.each(["*.example", "*", "Example.com", "a b", "http://x", "x/24", "x:443", "[::1", ""])(
    "refuses %j: no pattern, no range, no address of another form",
    async (host) => {
      expect((await refusal(add(host))).code).toBe("invalid_input");
    },
  );
});
