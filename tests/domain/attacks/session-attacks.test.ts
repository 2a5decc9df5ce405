import { beforeAll, expect, it } from "vitest";
import { attack } from "#tests/domain/attacks/attack.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { idOf, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

it("a session that the application's role writes begins now and ends within 8 hours, whatever it says", async () => {
  const sql = `insert into user_session (id, user_id, created_at, expires_at)
    values ('new', $user, now() + interval '9 years', now() + interval '10 years')`;
  expect(await attack(database.appUrl, sql, { user: idOf("administrator") })).toBe("none");
  const [row] = await execute(
    database.ownerUrl,
    "select expires_at - created_at <= interval '8 hours' and created_at <= now() as ok from user_session where id = 'new'",
  );
  expect(row).toEqual({ ok: true });
});
