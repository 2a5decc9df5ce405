import { queryRows, sql } from "#lib/db/tx.ts";
import { type Context, implementQuery } from "#lib/domain/implement.ts";
import { ownedBy } from "#lib/domain/owners.ts";
import { personById, selectDelegations } from "#lib/domain/people/rows.ts";

/** How long home shows that a recovery code was made on the host. */
const alarmDays = 7;

export const getMe = implementQuery("people.me", {
  load: async ({ tx, caller }) => {
    const known = await tx.user.findUnique({ where: { id: caller.id }, select: { id: true } });
    return known === null ? null : { resource: caller.id, facts: { subjectId: caller.id } };
  },
  run: (context) => describeMe(context),
});

/** Who the caller is, as the console and the command line need it. */
export async function describeMe({ tx, caller }: Context) {
  const person = await personById(tx, caller.id);
  const delegations = await selectDelegations(
    tx,
    sql`(d.user_id = ${caller.id} or d.delegate_id = ${caller.id}) and d.cancelled_at is null and d.ends_at > now()`,
  );
  const isTold = person.roles.includes("administrator") || person.roles.includes("auditor");
  const [recovery] = isTold
    ? await queryRows<{ usedBy: string | null }>(
        tx,
        sql`select u.name as "usedBy" from setup_code s left join app_user u on u.id = s.used_by
            where s.purpose = 'recovery' and s.expires_at > now() - make_interval(days => ${alarmDays})
            order by s.used_at desc nulls last limit 1`,
      )
    : [];
  const [facts] = await queryRows<{ unread: number; open: boolean; demo: boolean; owns: number }>(
    tx,
    sql`select (select count(*)::int from notification where user_id = ${caller.id} and read_at is null) as unread,
          i.setup_closed_at is null and i.mode = 'production' as open, i.mode = 'demo' as demo,
          (select count(*)::int from connector c where c.status <> 'retired' and ${ownedBy(sql`c.id`, caller.id)})
            + (select count(*)::int from agent a where a.status <> 'retired' and ${ownedBy(sql`a.id`, caller.id)}) as owns
        from instance i`,
  );
  return {
    ...person,
    via: caller.via === "token" ? ("token" as const) : ("session" as const),
    demo: facts?.demo ?? false,
    signInAgeSeconds: caller.interactiveSignInAgeSeconds,
    delegations,
    unreadNotifications: facts?.unread ?? 0,
    setupOpen: facts?.open ?? false,
    owns: facts?.owns ?? 0,
    recovery: recovery ?? null,
  };
}
