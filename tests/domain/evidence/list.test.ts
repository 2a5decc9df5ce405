import { beforeAll, expect, it } from "vitest";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, backdate, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

it("packs of one millisecond are each on one page", async () => {
  const ids: string[] = [];
  for (const micro of [900, 500, 100]) {
    const period = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
    const { id } = await act("auditor", "evidence.export", period);
    await backdate(database.ownerUrl, "evidence_pack", `created_at = '2026-03-01T00:00:00.000${micro}Z'`, id);
    ids.push(id);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { id: string }[]; nextCursor: string | null } = await act("auditor", "evidence.list", {
      limit: 1,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(ids);
});
