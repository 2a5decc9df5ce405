import type { Preview } from "#lib/contract/requests.ts";
import { dueSchedule } from "#lib/core/review/due.ts";
import { eligiblePeople } from "#lib/core/review/eligibility.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { implementQuery } from "#lib/domain/implement.ts";
import { loadRequest } from "#lib/domain/requests/load.ts";
import { type Plan, planRequest } from "#lib/domain/requests/plan.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";

/** What submitting would give, before anything is submitted. */
export const previewRequest = implementQuery("requests.preview", {
  load: loadRequest,
  async run({ tx, now }, row) {
    const plan = await planRequest(tx, row, now);
    return {
      tier: plan.tier,
      why: plan.why,
      stages: stagesIn(plan, now),
      problems: plan.problems,
      duplicates: await duplicatesOf(tx, row),
      grantMaxDays: plan.tier === null ? null : plan.settings[plan.tier].grantMaxDays,
    };
  },
});

function stagesIn({ stages, facts, names, shortages }: Plan, now: Date): Preview["stages"] {
  if (stages === null) return [];
  const { dueAt } = dueSchedule(now.toISOString(), stages.dueWorkingDays);
  // As nobodyEligible does: security confirms the owners in its review.
  const settled = { ...facts, owners: facts.owners.map((owner) => ({ ...owner, confirmed: true })), votes: [] };
  return stages.stages.map(({ kind, quorum, after }) => {
    const shortage = shortages.find((one) => one.kind === kind);
    return {
      kind,
      quorum,
      after: [...after],
      dueAt,
      eligible: eligiblePeople(kind, settled, now.toISOString()).map(({ personId: id }) => ({
        id,
        name: names.get(id) ?? id,
      })),
      shortage: shortage?.message ?? null,
    };
  });
}

/** Connectors that may be the same thing: by short name, address, package or what the server calls itself. */
async function duplicatesOf(tx: Tx, row: RequestRow): Promise<Preview["duplicates"]> {
  if (row.kind !== "connector") return [];
  const form = row.edit ?? row.form;
  const target = form.target as { kind?: string; url?: string; name?: string } | undefined;
  const url = target?.kind === "url" && typeof target.url === "string" ? target.url : null;
  const host = url !== null && URL.canParse(url) ? new URL(url).host : null;
  const packageName = target?.kind === "package" && typeof target.name === "string" ? target.name : null;
  const slug = typeof form.slug === "string" ? form.slug : null;
  const serverName = await serverNameOf(tx, form.probeId);
  return queryRows(
    tx,
    sql`select c.id, c.slug, c.name, c.status, (array_agg(w.why order by w.n))[1] as why from connector c
          left join connector_version v on v.connector_id = c.id
          cross join lateral (values
            (1, v.identity ->> 'url' = ${url}, 'the same address'),
            (2, v.identity -> 'package' ->> 'name' = ${packageName}, 'the same package'),
            (3, c.slug = ${slug}, 'the same short name'),
            (4, v.identity ->> 'host' = ${host}, 'the same host'),
            (5, v.identity -> 'serverInfo' ->> 'name' = ${serverName}, 'a server of the same name')) as w (n, hit, why)
        where w.hit and c.status <> 'retired' and c.id is distinct from ${row.connector_id}
          and (c.status <> 'requested' or c.created_by = ${row.requester_id})
        group by c.id order by c.name limit 10`,
  );
}

async function serverNameOf(tx: Tx, probeId: unknown): Promise<string | null> {
  if (typeof probeId !== "string") return null;
  const probe = await tx.probe.findUnique({ where: { id: probeId }, select: { result: true } });
  const result = probe?.result as { identity?: { serverInfo?: { name?: unknown } } } | null | undefined;
  const name = result?.identity?.serverInfo?.name;
  return typeof name === "string" ? name : null;
}
