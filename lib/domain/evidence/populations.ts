import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import type { StateTables } from "#lib/core/pack/build.ts";
import { type CsvCell, writeCsv } from "#lib/core/pack/csv.ts";
import { prisma } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";

type Table = keyof StateTables;
type Row = Record<string, unknown>;

/** Information produced by the entity: how a table came to be, for whoever has to rely on it. */
export type Provenance = {
  table: string;
  query: string;
  parameters: string[];
  rows: number;
  executedAt: string;
  meaning: string;
};

/** Tables are read in one snapshot and have at most this long, milliseconds (the role's own limit is 60 s). */
const snapshotMs = 50_000;

/** $1: the end of the period, $2: its beginning. Rows that came later are left out; columns of state show what was so when it was read. */
const queries: Readonly<Record<Table, { meaning: string; text: string }>> = {
  connectors: {
    meaning: "Every connector registered before the end of the period, with its state when the pack was made.",
    text: `select c.id, c.slug, c.name, c.purpose, c.environment, c.classification, c.tier, c.status, c.status_at, c.reason, c.transport,
  v.number as version, v.digest as version_digest, c.created_by, c.created_at
from connector c left join connector_version v on v.id = c.approved_version_id
where c.created_at < $1 order by c.created_at, c.id`,
  },
  tools: {
    meaning:
      "Every tool, resource and prompt known before the end of the period; effect and labels as confirmed when the pack was made.",
    text: `select t.id, t.connector_id, t.kind, t.name, t.effect, t.labels, t.status, w.digest as approved_digest, t.confirmed_by, t.created_at
from tool t join connector c on c.id = t.connector_id
left join version_tool w on w.version_id = c.approved_version_id and w.tool_id = t.id
where t.created_at < $1 order by t.created_at, t.id`,
  },
  agents: {
    meaning:
      "Every agent registered before the end of the period, with its keys that were not revoked when the pack was made.",
    text: `select a.id, a.slug, a.name, a.purpose, a.environment, a.labels, a.status, a.reason,
  array(select k.thumbprint from agent_key k where k.agent_id = a.id and k.revoked_at is null order by k.thumbprint) as key_thumbprints,
  a.created_by, a.created_at
from agent a where a.created_at < $1 order by a.created_at, a.id`,
  },
  owners: {
    meaning: "Every ownership of a connector or agent that held at some time of the period.",
    text: `select o.id, o.subject_kind, o.subject_id, o.role, o.owner_kind, o.owner_id, coalesce(u.name, t.name) as owner_name,
  o.named_by, o.confirmed_by, o.confirmed_at, o.created_at, o.ended_at
from ownership o left join app_user u on o.owner_kind = 'user' and u.id = o.owner_id left join team t on o.owner_kind = 'team' and t.id = o.owner_id
where o.created_at < $1 and (o.ended_at is null or o.ended_at >= $2) order by o.created_at, o.id`,
  },
  grants: {
    meaning: "Every scope grant that existed at some time of the period.",
    text: `select g.id, g.request_id, g.approval_id, g.principal_kind, g.principal_id, g.connector_id, g.version_id, g.scope, g.status, g.reason,
  g.starts_at, g.expires_at, g.created_at, g.ended_at, g.ended_by
from scope_grant g where g.created_at < $1 and (g.ended_at is null or g.ended_at >= $2) order by g.created_at, g.id`,
  },
  requests: {
    meaning:
      "Every access request that was submitted before the end of the period and not decided before its beginning. Drafts are left out.",
    text: `select r.id, r.kind, r.state, r.title, r.requester_id, u.name as requester, r.connector_id, r.version_id, r.grant_id, r.digest, r.tier,
  r.classification, r.round, r.agent_ids,
  array(select s.kind || ' x' || s.quorum from request_stage s where s.request_id = r.id and s.round = r.round order by s.kind) as stages,
  r.submitted_at, r.due_at, r.decided_at
from request r left join app_user u on u.id = r.requester_id
where r.submitted_at is not null and r.submitted_at < $1 and (r.decided_at is null or r.decided_at >= $2) order by r.submitted_at, r.id`,
  },
  decisions: {
    meaning:
      "Every review given in the period, with the reviewer's roles at that time and the reason as the reviewer wrote it.",
    text: `select v.id, v.request_id, v.round, s.kind as stage, v.verdict, v.reviewer_id, u.name as reviewer,
  array(select a.role from role_assignment a where a.user_id = v.reviewer_id and a.granted_at <= v.created_at
    and (a.revoked_at is null or a.revoked_at > v.created_at) order by a.role) as reviewer_roles,
  v.on_behalf_of, v.digest, v.all_tools, v.tools, v.conditions, v.reason, v.via, v.sign_in_age_seconds, v.created_at
from review v join request_stage s on s.id = v.stage_id left join app_user u on u.id = v.reviewer_id
where v.created_at >= $2 and v.created_at < $1 order by v.created_at, v.id`,
  },
};

/** The tables that are not made from the log, as CSV, all of one snapshot, each with how it came to be. */
export async function readPopulations(
  from: Date,
  to: Date,
): Promise<{ tables: StateTables; provenance: Map<Table, Provenance> }> {
  const provenance = new Map<Table, Provenance>();
  const csv = await prisma().$transaction(
    async (tx) => {
      const texts: Partial<Record<Table, string>> = {};
      for (const [name, { text, meaning }] of Object.entries(queries)) {
        const table = name as Table;
        const [clock] = await tx.$queryRaw<{ at: Date }[]>`select clock_timestamp() as at`;
        const parameters = text.includes("$2") ? [to, from] : [to];
        const rows = await tx.$queryRawUnsafe<Row[]>(text, ...parameters);
        // An empty table has its columns, too: as the one row that an outer join gives.
        const [shape = {}] =
          rows.length > 0
            ? rows
            : await tx.$queryRawUnsafe<Row[]>(
                `select q.* from (select 1) one left join (${text}) q on true`,
                ...parameters,
              );
        texts[table] = writeCsv([Object.keys(shape), ...rows.map((row) => Object.values(row).map(cellOf))]);
        provenance.set(table, {
          table: `population/${table}.csv`,
          query: text,
          parameters: parameters.map((one) => one.toISOString()),
          rows: rows.length,
          executedAt: clock?.at.toISOString() ?? "",
          meaning,
        });
      }
      return texts;
    },
    { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead, timeout: snapshotMs, maxWait: 5_000 },
  );
  const { agents = "", connectors = "", decisions = "", grants = "", owners = "", requests = "", tools = "" } = csv;
  return { tables: { agents, connectors, decisions, grants, owners, requests, tools }, provenance };
}

function cellOf(value: unknown): CsvCell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object") return canonicalize(value as JsonValue);
  return value as string | number | boolean;
}
