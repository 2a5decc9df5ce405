import type { EventRow } from "#lib/domain/audit/rows.ts";

/** One line in words for each event. Names come from servers and people: readers show the whole line as text. */
export function sentenceOf(row: EventRow, who: string): string {
  const what = row.tool === null ? (row.connector_slug ?? "something") : `${row.connector_slug ?? "?"}.${row.tool}`;
  const agent = row.agent_name ?? who;
  switch (row.type) {
    case "call.intent":
      return `${who} called ${what}`;
    case "call.outcome":
      return `The call of ${who} to ${what} ended: ${row.decision ?? row.reason ?? "recorded"}`;
    case "call.denied":
      return `${who} was denied ${what}: ${words(row.reason ?? "no_grant")}`;
    case "calls.denied-aggregated":
      return `${who} was denied ${what} many times: ${words(row.reason ?? "no_grant")}`;
    case "operation.refused":
      return `${who} was refused an operation`;
    case "agent-token.issued":
      return `${agent} received a token`;
    case "agent-token.refused":
      return `${agent} was refused a token`;
    default: {
      const [noun, verb] = row.type.split(".");
      const subject = row.connector_slug ?? row.agent_name ?? "";
      return `${who}: ${words(noun ?? "")} ${words(verb ?? "")}${subject === "" ? "" : ` (${subject})`}`;
    }
  }
}

function words(code: string): string {
  return code.replaceAll(/[_-]/g, " ");
}
