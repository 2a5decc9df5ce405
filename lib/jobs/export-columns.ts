import { type PackEntry, readLeaves } from "#lib/core/pack/entries.ts";
import { logTables } from "#lib/core/pack/log-table.ts";

/** What calls.csv and denials.csv show of the log's entries: paths into the leaf. */
export const logColumns = {
  calls: [
    ...["index", "id", "time", "principal.id", "data.callId", "data.decision", "data.grantId"],
    ...[
      "data.target.connectorId",
      "data.target.versionId",
      "data.target.toolId",
      "data.target.name",
      "data.target.effect",
    ],
    ...["data.target.definitionDigest", "data.arguments.commitment", "data.arguments.bytes", "data.policy.version"],
    ...["data.policy.epoch", "data.trace", "outcome.index", "outcome.id", "outcome.time", "outcome.data.status"],
    ...["outcome.data.detail", "outcome.data.latencyMs", "outcome.data.result.bytes", "outcome.data.result.commitment"],
  ],
  denials: [
    ...["index", "id", "type", "time", "principal.kind", "principal.id", "subjects", "data.decision", "data.reason"],
    ...["data.asked", "data.method", "data.toolId", "data.grantId", "data.kind", "data.count", "data.policy"],
  ],
} as const;

/** How the tables made from the log came to be. */
export function logProvenance(
  period: { from: string; to: string },
  executedAt: string,
  entries: readonly PackEntry[],
): [string, object][] {
  const types = readLeaves(entries).events.map(({ event }) => event.type);
  return Object.entries(logTables).map(([table, wanted]) => [
    table.replace(/^population\/(.*)\.csv$/, "$1"),
    {
      table,
      query: `log/entries.jsonl: one row per entry whose type is ${wanted.join(", ")}`,
      parameters: [period.from, period.to],
      rows: types.filter((type) => wanted.includes(type)).length,
      executedAt,
      meaning: "Made from the log entries of this pack and checked against them by its verifier.",
    },
  ]);
}
