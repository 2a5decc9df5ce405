import { explain } from "#lib/core/decision/decide.ts";
import { REASONS } from "#lib/core/decision/reasons.ts";
import { formatScope } from "#lib/core/scope/format.ts";
import { resolveTarget } from "#lib/domain/access/scope.ts";
import { readSnapshotBetween } from "#lib/domain/access/snapshot.ts";
import { implementQuery } from "#lib/domain/implement.ts";

export const whyAccess = implementQuery("access.why", {
  async load(context, { agentId, connectorId }) {
    const target = await resolveTarget(context, { agentId, connectorId });
    if (target?.agent == null || target.connector === null) return null;
    return { resource: { agent: target.agent, connector: target.connector }, facts: { ownerIds: target.ownerIds } };
  },
  async run({ tx, now }, { agent, connector }, { tool, arguments: json }) {
    const snapshot = await readSnapshotBetween(tx, { agentIds: [agent.id], connectorIds: [connector.id] });
    const { decision, grants } = explain(snapshot, {
      agentId: agent.id,
      connectorSlug: connector.slug,
      action: "invoke",
      kind: "tool",
      name: tool,
      ...(json === undefined ? {} : { args: JSON.parse(json) as unknown }),
      now: now.getTime(),
    });
    const { sentence, whatToDo } = REASONS[decision.reason];
    const deciding = grants.find(({ grant }) => grant.id === decision.grantId)?.grant;
    return {
      effect: decision.effect,
      reason: decision.reason,
      message: decision.pointer === null ? sentence : `${sentence} (${decision.pointer})`,
      whatToDo,
      grantId: decision.grantId,
      conditions: deciding === undefined ? [] : formatScope(deciding.scope),
      trace: grants.map(({ grant, reason, pointer }) => ({
        grantId: grant.id,
        principal: `${grant.principalKind} ${grant.principalId}`,
        matched: reason === "permitted",
        why: pointer === null ? REASONS[reason].sentence : `${REASONS[reason].sentence} (${pointer})`,
      })),
      epoch: snapshot.epoch,
    };
  },
});
