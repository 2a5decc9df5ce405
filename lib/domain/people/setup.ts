import { createHash } from "node:crypto";
import { DomainError } from "#lib/contract/errors.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { implement } from "#lib/domain/implement.ts";
import { describeMe } from "#lib/domain/people/me.ts";
import { notify } from "#lib/domain/people/notify.ts";
import { newId } from "#lib/platform/id.ts";

/**
 * The first administrator of a deployment: the code that the host printed, entered by somebody who signed in through the
 * identity provider. Afterwards the path is closed in the database; a recovery code opens it for one person, with an alarm.
 */
export const claimSetup = implement("setup.claim", {
  async load({ tx, caller }, { code }) {
    if (caller.via !== "session") return null;
    const hash = createHash("sha256").update(code.trim().toUpperCase()).digest("hex");
    const [found] = await queryRows<{ id: string; purpose: string; log_origin: string }>(
      tx,
      sql`select s.id, s.purpose, i.log_origin from setup_code s, instance i
          where s.code_hash = ${hash} and s.used_at is null and s.expires_at > now()
            and (s.purpose = 'recovery' or i.setup_closed_at is null)`,
    );
    return found === undefined ? null : { resource: found, facts: {} };
  },
  async run(context, code) {
    const { tx, caller } = context;
    const used =
      await tx.$executeRaw`update setup_code set used_at = now(), used_by = ${caller.id} where id = ${code.id} and used_at is null`;
    if (used !== 1) throw new DomainError("not_found");
    const has = await tx.roleAssignment.findFirst({
      where: { userId: caller.id, role: "administrator", revokedAt: null },
    });
    if (has === null) {
      await tx.roleAssignment.create({
        data: { id: newId("rol"), userId: caller.id, role: "administrator", source: "setup" },
      });
    }
    if (code.purpose === "recovery") await alarm(tx, caller.id);
    await tx.$executeRaw`update instance set setup_closed_at = coalesce(setup_closed_at, now())`;
    return {
      result: await describeMe(context),
      events: [
        {
          type: "setup.completed",
          subjects: [caller.id, code.id, code.log_origin],
          data: { purpose: code.purpose },
        },
        { type: "role.granted", subjects: [caller.id], data: { role: "administrator", by: code.purpose } },
      ],
    };
  },
});

/** Tells every other administrator and auditor who became administrator from the host. */
async function alarm(tx: Tx, personId: string): Promise<void> {
  const { name } = await tx.user.findUniqueOrThrow({ where: { id: personId }, select: { name: true } });
  const others = await queryRows<{ id: string }>(
    tx,
    sql`select distinct u.id from app_user u join role_assignment r on r.user_id = u.id and r.revoked_at is null
        where u.status = 'active' and r.role in ('administrator', 'auditor') and u.id <> ${personId}`,
  );
  const params = { title: `${name} became administrator with a recovery code`, href: "/settings" };
  await notify(
    tx,
    others.map(({ id }) => id),
    "recovery",
    personId,
    params,
  );
}
