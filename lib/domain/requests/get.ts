import type { Owner } from "#lib/contract/connectors.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";
import type { Action } from "#lib/core/action.ts";
import { diffValues } from "#lib/core/inspection/diff.ts";
import { connectorTable } from "#lib/core/lifecycle/connector.ts";
import { next } from "#lib/core/lifecycle/machine.ts";
import { allowed, type ResourceFacts } from "#lib/core/permit.ts";
import { eligiblePeople } from "#lib/core/review/eligibility.ts";
import { countedApprovals, votesOf } from "#lib/core/review/verdict.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { connectorFacts, findConnector, toConnectors } from "#lib/domain/connectors/rows.ts";
import { selectVersions, toVersion, versionDiff, versionTools } from "#lib/domain/connectors/version-content.ts";
import { type Context, implementQuery } from "#lib/domain/implement.ts";
import { effectOf, keyOf, knownTools } from "#lib/domain/requests/effects.ts";
import { loadRequest } from "#lib/domain/requests/load.ts";
import { planRequest, tierSettings } from "#lib/domain/requests/plan.ts";
import { openStates, type RequestRow } from "#lib/domain/requests/rows.ts";
import { progressOf, stagesFor, toRequest, worldOf } from "#lib/domain/requests/show.ts";
import { grantContent } from "#lib/domain/requests/terms.ts";
import { timelineOf } from "#lib/domain/requests/timeline.ts";
import { currentReviews, type World } from "#lib/domain/requests/world.ts";

/** Everything that the decision page shows. */
export const getRequest = implementQuery("requests.get", {
  async load(context, input) {
    const loaded = await loadRequest(context, input);
    return loaded === null ? null : { resource: { row: loaded.resource, facts: loaded.facts }, facts: loaded.facts };
  },
  async run(context, { row, facts }) {
    const { tx, caller, now } = context;
    const world = await worldOf(tx, row);
    const nameOf = (id: string) => world.names.get(id) ?? id;
    const connectorRow = row.connector_id === null ? null : await findConnector(tx, row.connector_id);
    const [connector] = connectorRow === null ? [] : await toConnectors(tx, [connectorRow]);
    const plan = await planRequest(tx, { ...row, edit: null }, now);
    const scope = row.digest !== null && isGrant(row) ? (await grantContent(tx, row)).scope : null;
    const { settings } = await tierSettings(tx);
    const tier = row.tier ?? plan.tier;
    return {
      ...toRequest(row, world, caller, now),
      form: row.requester_id === caller.id ? (row.edit ?? row.form) : row.form,
      classification: row.classification,
      tierWhy: plan.why,
      connector: connector ?? null,
      ...(await versionOf(tx, row)),
      changesSinceRound: await changesSinceRound(tx, row),
      scope,
      sentences: scope === null ? [] : formatScope(scope as CoreScope),
      agents: await agentsOf(tx, row.agent_ids),
      owners: (connector?.owners ?? []) as Owner[],
      reviews: reviewsOf(row, world, nameOf),
      timeline: await timelineOf(tx, row, world, nameOf),
      eligible: eligibleOf(row, world, now, nameOf),
      myStages: stagesFor(caller.id, row, world, now).map(({ kind, eligible, why }) => ({ kind, eligible, why })),
      may: await mayDo(context, row, world, facts),
      grantMaxDays: tier === null ? null : settings[tier].grantMaxDays,
      approval: await approvalOf(tx, row.id),
    };
  },
});

function isGrant({ kind }: RequestRow): boolean {
  return kind === "grant" || kind === "extension";
}

/** The proposed version with the effects that it would have, and what differs from the one approved before. */
async function versionOf(
  tx: Tx,
  row: RequestRow,
): Promise<Pick<RequestDetail, "version" | "diff" | "comparedWithVersion">> {
  if (row.version_id === null) return { version: null, diff: [], comparedWithVersion: null };
  const [version] = await selectVersions(tx, sql`v.id = ${row.version_id}`, 1);
  if (version === undefined) return { version: null, diff: [], comparedWithVersion: null };
  const tools = await versionTools(tx, version.id);
  const known = await knownTools(tx, version.connector_id);
  const shown = tools.map((tool) => ({
    ...tool,
    ...effectOf({ digest: tool.digest, effect: tool.inferredEffect, labels: tool.labels }, known.get(keyOf(tool))),
  }));
  const [earlier] = isGrant(row)
    ? []
    : await selectVersions(
        tx,
        sql`v.connector_id = ${version.connector_id} and v.number < ${version.number}
          and (v.status in ('approved', 'superseded') or not exists (select 1 from connector_version o
            where o.connector_id = v.connector_id and o.number < ${version.number} and o.status in ('approved', 'superseded')))`,
        1,
      );
  const diff = earlier === undefined ? [] : versionDiff(earlier, await versionTools(tx, earlier.id), version, tools);
  return { version: { ...toVersion(version), tools: shown }, diff, comparedWithVersion: earlier?.number ?? null };
}

/** What is asked for now and was not in the round before, or otherwise; empty in the first round. */
async function changesSinceRound(tx: Tx, row: RequestRow): Promise<RequestDetail["changesSinceRound"]> {
  const rounds = await tx.requestRound.findMany({
    where: { requestId: row.id, round: { in: [row.round - 1, row.round] } },
    orderBy: { round: "asc" },
  });
  const [before, after] = rounds.map(({ form, tier, classification }) => ({ ...Object(form), tier, classification }));
  if (before === undefined || after === undefined) return [];
  return diffValues(before, after).map((field) => ({ group: "request", ...field }));
}

function agentsOf(tx: Tx, ids: readonly string[]): Promise<RequestDetail["agents"]> {
  return queryRows(
    tx,
    sql`select id, 'agent' as kind, name from agent where id = any (${[...ids]}::text[])
        union all select id, 'team', name from team where id = any (${[...ids]}::text[]) order by 3`,
  );
}

function reviewsOf(row: RequestRow, world: World, nameOf: (id: string) => string): RequestDetail["reviews"] {
  const current = currentReviews(world, row.round);
  const counted = new Set(row.digest === null ? [] : countedApprovals(world.stages, current, row.digest, world.facts));
  return world.reviews.map((review) => ({
    id: review.id,
    stageKind: review.stageKind,
    round: review.round,
    reviewer: { id: review.reviewerId, name: nameOf(review.reviewerId) },
    onBehalfOf: review.onBehalfOf === null ? null : { id: review.onBehalfOf, name: nameOf(review.onBehalfOf) },
    verdict: review.verdict,
    digest: review.digest,
    tools: review.tools === null ? null : [...review.tools],
    conditions: {
      holdTools: [...review.conditions.holdTools],
      agentIds: review.conditions.agentIds === null ? null : [...review.conditions.agentIds],
      expiresAt: review.conditions.expiresAt,
    },
    reason: review.reason,
    via: review.via,
    at: review.at,
    current: review.round === row.round && review.digest === row.digest,
    counts: counted.has(review),
  }));
}

async function approvalOf(tx: Tx, requestId: string): Promise<RequestDetail["approval"]> {
  const approval = await tx.approval.findFirst({ where: { requestId } });
  if (approval === null) return null;
  const { tools, holdTools, agentIds, anyAgent, expiresAt } = approval;
  return { tools, holdTools, agentIds: anyAgent ? null : agentIds, expiresAt: expiresAt.toISOString() };
}

function eligibleOf(
  row: RequestRow,
  world: World,
  now: Date,
  nameOf: (id: string) => string,
): RequestDetail["eligible"] {
  if (row.digest === null || !openStates.some((state) => state === row.state)) return [];
  const votes = votesOf(world.stages, currentReviews(world, row.round), row.digest, world.facts);
  return progressOf(row, world).map(({ kind }) => ({
    kind,
    people: eligiblePeople(kind, { ...world.facts, votes }, now.toISOString()).map(({ personId: id }) => ({
      id,
      name: nameOf(id),
    })),
  }));
}

async function mayDo(
  { tx, caller, now }: Context,
  row: RequestRow,
  world: World,
  facts: ResourceFacts,
): Promise<RequestDetail["may"]> {
  const fresh = { ...caller, interactiveSignInAgeSeconds: 0 };
  const may = (action: Action, about: ResourceFacts = facts) => allowed(fresh, action, about);
  const draft = row.state === "draft";
  const open = openStates.some((state) => state === row.state);
  const editable = draft || row.state === "changes_requested";
  const connector = row.connector_id === null ? null : await findConnector(tx, row.connector_id);
  const canEnable =
    connector !== null &&
    next(connectorTable, connector.status, "enable") !== null &&
    may("connector:enable", await connectorFacts(tx, connector));
  const found: [RequestDetail["may"][number], boolean][] = [
    ["edit", editable && may("request:edit")],
    ["submit", editable && may("request:submit")],
    ["withdraw", open && may("request:withdraw")],
    ["discard", draft && may("request:edit")],
    ["comment", !draft && may("request:comment")],
    ["review", may("request:review") && stagesFor(caller.id, row, world, now).some(({ eligible }) => eligible)],
    ["reclassify", open && !isGrant(row) && may("request:reclassify")],
    ["revise", row.state === "changes_requested" && may("request:edit")],
    ["enable", canEnable],
  ];
  return found.filter(([, holds]) => holds).map(([name]) => name);
}
