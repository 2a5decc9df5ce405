import type { Role } from "#lib/core/principal.ts";
import type { Delegation, Owner, Person } from "#lib/core/review/eligibility.ts";
import { type StageKind, stageKinds } from "#lib/core/review/stages.ts";
import type { Review, ReviewFacts } from "#lib/core/review/verdict.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";

/** A frozen stage with its times. */
export type StageRow = {
  id: string;
  requestId: string;
  round: number;
  kind: StageKind;
  quorum: number;
  after: StageKind[];
  remindAt: Date;
  dueAt: Date;
  escalateAt: Date;
  denyAt: Date;
};

export type ReviewRow = Review & {
  id: string;
  requestId: string;
  round: number;
  reason: string;
  via: "session" | "token";
};

/** What a decision on a request depends on, in its present round. `names` has everybody in `facts.people`. */
export type World = {
  stages: StageRow[];
  reviews: ReviewRow[];
  facts: ReviewFacts;
  names: ReadonlyMap<string, string>;
};

/** What eligibility is asked about: a request as submitted, or as it would be. */
export type Matter = {
  requesterId: string;
  lastEditorId: string | null;
  agentIds: readonly string[];
  owners: readonly Owner[];
};

/** Worlds of several requests at once: a fixed number of queries, however many there are. */
export async function worldsOf(tx: Tx, requests: readonly RequestRow[]): Promise<Map<string, World>> {
  if (requests.length === 0) return new Map();
  const ids = requests.map(({ id }) => id);
  const stages = await stagesOf(tx, ids);
  const reviews = await reviewsOf(tx, ids, new Map(stages.map(({ id, kind }) => [id, kind])));
  const owners = await connectorOwners(
    tx,
    requests.flatMap(({ connector_id: id }) => (id === null ? [] : [id])),
  );
  const matters = requests.map((row) => ({
    requesterId: row.requester_id,
    lastEditorId: row.last_editor,
    agentIds: row.agent_ids,
    owners: owners.get(row.connector_id ?? "") ?? [],
  }));
  const involved = reviews.flatMap(({ reviewerId, onBehalfOf }) => [reviewerId, onBehalfOf ?? reviewerId]);
  const { facts, names } = await factsOf(tx, matters, involved);
  return new Map(
    requests.map((request, index) => {
      const own = facts[index];
      if (own === undefined) throw new Error("facts for every request");
      return [
        request.id,
        {
          stages: stages.filter(({ requestId, round }) => requestId === request.id && round === request.round),
          reviews: reviews.filter(({ requestId }) => requestId === request.id),
          facts: own,
          names,
        },
      ];
    }),
  );
}

/** Reviews of the present round: earlier ones are void. */
export function currentReviews({ reviews }: World, round: number): ReviewRow[] {
  return reviews.filter((review) => review.round === round);
}

/** The facts of eligibility for each matter, in order, and the names of everybody in them. */
export async function factsOf(
  tx: Tx,
  matters: readonly Matter[],
  involved: readonly string[] = [],
): Promise<{ facts: ReviewFacts[]; names: ReadonlyMap<string, string> }> {
  const owners = matters.flatMap((matter) => matter.owners);
  const userIds = [
    ...involved,
    ...matters.flatMap(({ requesterId, lastEditorId }) => [requesterId, lastEditorId ?? requesterId]),
    ...owners.filter(({ kind }) => kind === "user").map(({ id }) => id),
  ];
  const teamIds = owners.filter(({ kind }) => kind === "team").map(({ id }) => id);
  const people = await loadPeople(tx, userIds, teamIds);
  const delegations = await loadDelegations(tx);
  const agentOwners = await agentOwnersOf(tx, [...new Set(matters.flatMap(({ agentIds }) => agentIds))]);
  const facts = matters.map(({ requesterId, lastEditorId, agentIds, owners: own }) => ({
    requesterId,
    lastEditorId,
    benefitingAgentOwnerIds: [...new Set(agentIds.flatMap((id) => agentOwners.get(id) ?? []))],
    owners: own,
    delegations,
    people,
  }));
  return { facts, names: new Map(people.map(({ id, name }) => [id, name])) };
}

/** Owners of connectors as eligibility reads them, by connector. */
export async function connectorOwners(tx: Tx, connectorIds: readonly string[]): Promise<Map<string, Owner[]>> {
  const rows = await tx.ownership.findMany({
    where: { subjectId: { in: [...new Set(connectorIds)] }, endedAt: null },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const owners = new Map<string, Owner[]>();
  for (const { subjectId, ownerKind, ownerId, role, namedBy, confirmedAt } of rows) {
    const list = owners.get(subjectId) ?? [];
    list.push({
      kind: ownerKind as Owner["kind"],
      id: ownerId,
      role: role as Owner["role"],
      namedBy,
      confirmed: confirmedAt !== null,
    });
    owners.set(subjectId, list);
  }
  return owners;
}

function loadPeople(tx: Tx, userIds: readonly string[], teamIds: readonly string[]) {
  return queryRows<Person & { name: string; roles: Role[] }>(
    tx,
    sql`select u.id, u.name, u.status = 'active' as active,
          array(select a.role from role_assignment a where a.user_id = u.id and a.revoked_at is null) as roles,
          array(select m.team_id from team_member m where m.member_kind = 'user' and m.member_id = u.id and m.removed_at is null) as "teamIds"
        from app_user u where u.id = any (${[...new Set(userIds)]}::text[])
          or exists (select 1 from role_assignment a where a.user_id = u.id and a.revoked_at is null
            and a.role in ('security_reviewer', 'data_protection_reviewer', 'platform_reviewer'))
          or exists (select 1 from delegate d where u.id in (d.user_id, d.delegate_id))
          or exists (select 1 from team_member m where m.member_id = u.id and m.removed_at is null
            and m.team_id = any (${[...new Set(teamIds)]}::text[]))
        order by u.name, u.id`,
  );
}

/** Earlier ones too: whether a review counted depends on the delegation at its time. */
async function loadDelegations(tx: Tx): Promise<Delegation[]> {
  const rows = await tx.delegate.findMany();
  return rows.map(({ userId, delegateId, startsAt, endsAt, cancelledAt }) => ({
    userId,
    delegateId,
    startsAt: startsAt.toISOString(),
    endsAt: (cancelledAt !== null && cancelledAt < endsAt ? cancelledAt : endsAt).toISOString(),
  }));
}

async function agentOwnersOf(tx: Tx, agentIds: readonly string[]): Promise<Map<string, string[]>> {
  if (agentIds.length === 0) return new Map();
  const rows = await queryRows<{ agent: string; people: string[] }>(
    tx,
    sql`select o.subject_id as agent, array_agg(distinct coalesce(m.member_id, o.owner_id)) as people from ownership o
        left join team_member m on o.owner_kind = 'team' and m.team_id = o.owner_id and m.member_kind = 'user' and m.removed_at is null
        where o.subject_id in (${Prisma.join([...agentIds])}) and o.ended_at is null group by 1`,
  );
  return new Map(rows.map(({ agent, people }) => [agent, people]));
}

async function stagesOf(tx: Tx, requestIds: readonly string[]): Promise<StageRow[]> {
  const rows = await tx.requestStage.findMany({ where: { requestId: { in: [...requestIds] } } });
  return rows
    .map((row) => ({ ...row, kind: row.kind as StageKind, after: row.after as StageKind[] }))
    .sort((a, b) => stageKinds.indexOf(a.kind) - stageKinds.indexOf(b.kind));
}

async function reviewsOf(
  tx: Tx,
  requestIds: readonly string[],
  kinds: ReadonlyMap<string, StageKind>,
): Promise<ReviewRow[]> {
  const rows = await tx.review.findMany({
    where: { requestId: { in: [...requestIds] } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    id: row.id,
    requestId: row.requestId,
    round: row.round,
    stageKind: kinds.get(row.stageId) ?? "security",
    reviewerId: row.reviewerId,
    onBehalfOf: row.onBehalfOf,
    verdict: row.verdict as Review["verdict"],
    digest: row.digest,
    tools: row.allTools ? null : row.tools,
    conditions: row.conditions as unknown as Review["conditions"],
    reason: row.reason,
    via: row.via as "session" | "token",
    at: row.createdAt.toISOString(),
  }));
}
