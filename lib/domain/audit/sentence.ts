import type { EventType } from "#lib/core/log/event-types.ts";
import type { EventRow } from "#lib/domain/audit/rows.ts";

/** What somebody did, after their name; `{on}` is the connector or agent that it was about. Calls have sentences of their own. */
const phrases: Partial<Record<EventType, string>> = {
  "user.registered": "was seen for the first time",
  "user.signed-in": "signed in",
  "user.sign-in-refused": "was refused at sign-in",
  "user.deactivated": "suspended a person",
  "user.reactivated": "let a person sign in again",
  "role.granted": "gave a role",
  "role.revoked": "took a role away",
  "team.created": "created a team",
  "team.member-added": "added a member to a team",
  "team.member-removed": "removed a member from a team",
  "delegate.appointed": "confirmed a delegate",
  "delegate.dismissed": "ended a delegation",
  "token.issued": "created an access token",
  "token.revoked": "revoked an access token",
  "setup.started": "issued a code for an administrator",
  "setup.completed": "became administrator by a code",
  "tier.changed": "changed tiers and stages",
  "egress.host-allowed": "allowed an internal host",
  "egress.host-removed": "removed a host from the allow-list",
  "connector.registered": "registered{on}",
  "connector.updated": "updated{on}",
  "connector.enabled": "enabled{on}",
  "connector.suspended": "suspended{on}",
  "connector.resumed": "resumed{on}",
  "connector.retired": "retired{on}",
  "connector.quarantined": "quarantined{on}",
  "connector.released": "released{on} from quarantine",
  "version.proposed": "proposed a version of{on}",
  "version.approved": "completed the approval of a version of{on}",
  "version.superseded": "replaced a version of{on}",
  "version.rejected": "rejected a version of{on}",
  "version.revoked": "revoked a version of{on}",
  "tool.effect-confirmed": "confirmed what the tools of{on} do",
  "tool.labels-changed": "relabelled a tool of{on}",
  "tool.quarantined": "quarantined a tool of{on}: it is not what was approved",
  "tool.released": "released a tool of{on} from quarantine",
  "ownership.assigned": "named an owner of{on}",
  "ownership.confirmed": "confirmed an owner of{on}",
  "ownership.transferred": "handed{on} over",
  "request.submitted": "submitted a request about{on}",
  "request.changed": "changed a request about{on}",
  "request.commented": "commented on a request about{on}",
  "request.changes-requested": "asked for changes of a request about{on}",
  "request.approved": "completed the approval of a request about{on}",
  "request.denied": "denied a request about{on}",
  "request.withdrawn": "withdrew a request about{on}",
  "request.reminded": "reminded the reviewers of a request about{on}",
  "request.escalated": "escalated a request about{on}",
  "finding.opened": "found something to look at on{on}",
  "finding.resolved": "closed a finding on{on}",
  "grant.issued": "issued a grant on{on}",
  "grant.activated": "activated a grant on{on}",
  "grant.expired": "ended an expired grant on{on}",
  "grant.revoked": "revoked a grant on{on}",
  "grant.extended": "extended a grant on{on}",
  "agent.registered": "registered{on}",
  "agent.suspended": "suspended{on}",
  "agent.resumed": "let{on} call again",
  "agent.retired": "retired{on}",
  "agent.key-added": "confirmed a key of{on}",
  "agent.key-revoked": "revoked a key of{on}",
  "agent-token.issued": "received a token",
  "agent-token.refused": "was refused a token",
  "probe.started": "started an inspection",
  "probe.finished": "finished an inspection",
  "package.released": "released a package for its first run",
  "credential.sealed": "sealed a credential",
  "credential.destroyed": "destroyed a credential",
  "change.proposed": "proposed a change that takes two",
  "change.confirmed": "confirmed a change that takes two",
  "change.rejected": "rejected a proposed change",
  "change.expired": "let a proposed change expire",
  "call.malformed": "sent messages that break the protocol",
  "evidence.requested": "asked for an evidence pack",
  "evidence.exported": "exported an evidence pack",
  "evidence.downloaded": "downloaded an evidence pack",
};

const verdicts: Readonly<Record<string, string>> = {
  approve: "approved",
  deny: "denied",
  request_changes: "changes asked for",
};

/** One line in words for each event. Names come from servers and people: readers show the whole line as text. */
export function sentenceOf(row: EventRow, who: string): string {
  const what = row.tool === null ? (row.connector_slug ?? "something") : `${row.connector_slug ?? "?"}.${row.tool}`;
  switch (row.type) {
    case "call.intent":
      return `${who} called ${what}`;
    case "call.outcome":
      return `The call of ${who} to ${what} ended: ${words(row.decision ?? row.reason ?? "recorded")}`;
    case "call.denied":
      return `${who} was denied ${what}: ${words(row.reason ?? "no_grant")}`;
    case "calls.denied-aggregated":
      return `${who} was denied ${what} many times: ${words(row.reason ?? "no_grant")}`;
    case "operation.refused":
      return `${who} was refused ${row.operation === null ? "an operation" : `the operation ${row.operation}`}`;
    case "request.review-recorded":
      return `${who} reviewed a request about ${row.connector_slug ?? "it"}${row.verdict === null ? "" : `: ${verdicts[row.verdict] ?? words(row.verdict)}`}`;
    default: {
      const about = row.connector_slug ?? (row.agent_name === who ? null : row.agent_name);
      const phrase = phrases[row.type as EventType] ?? `recorded ${words(row.type.replace(".", " "))}`;
      return `${who} ${phrase.replace("{on}", () => ` ${about ?? "it"}`)}`;
    }
  }
}

function words(code: string): string {
  return code.replaceAll(/[_-]/g, " ");
}
