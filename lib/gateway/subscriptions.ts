import type { JsonObject } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import type { Policy } from "#lib/gateway/snapshot.ts";
import { changes, type Looking, noteSeen, type Seen } from "#lib/gateway/visible.ts";
import { notificationText, resultText } from "#lib/mcp/json-rpc.ts";

/** Streams of `subscriptions/listen` (MCP 2026-07-28), by which agents of the stateless era hear that their lists changed. */
export type Subscriptions = {
  /** Acknowledges and keeps the stream open until it is closed, its token expires or the gateway stops; `false` when the agent has too many. */
  open(call: ToolsCall, policy: Policy, now: number): boolean;
  /** Tells those whose list changed. */
  announce(policy: Policy, now: number): void;
  close(): void;
};

export const subscriptionsPerAgentMax = 100;
const keepAliveMs = 15_000;
const subscriptionKey = "io.modelcontextprotocol/subscriptionId";

export function createSubscriptions(): Subscriptions {
  const open = new Map<ToolsCall, Seen>();
  const timer = setInterval(tick, keepAliveMs);

  function tick(): void {
    const now = Date.now();
    for (const call of open.keys()) {
      if (call.caller.expiresAt * 1_000 < now) end(call);
      else call.exchange.keepAlive();
    }
  }

  function end(call: ToolsCall): void {
    if (!open.delete(call)) return;
    call.exchange.finish(resultText(call.request.id, { resultType: "complete", _meta: tag(call) }));
  }

  return {
    open(call, policy, now) {
      const { caller, exchange } = call;
      let own = 0;
      for (const other of open.keys()) if (other.caller.agentId === caller.agentId) own += 1;
      if (own >= subscriptionsPerAgentMax) return false;
      const wanted = call.request.params?.notifications;
      const lists = listNames.filter((list) => isJsonObject(wanted) && wanted[`${list}ListChanged`] === true);
      const seen: Seen = new Map();
      for (const list of lists) noteSeen(seen, list, policy, lookingOf(call), now);
      const notifications = Object.fromEntries(lists.map((list) => [`${list}ListChanged`, true]));
      const params = { notifications, _meta: tag(call) };
      open.set(call, seen);
      exchange.message(notificationText("notifications/subscriptions/acknowledged", params));
      exchange.onClose(() => open.delete(call));
      if (lists.length === 0) end(call);
      return true;
    },
    announce(policy, now) {
      for (const [call, seen] of open)
        for (const text of changes(seen, policy, lookingOf(call), now, tag(call))) call.exchange.message(text);
    },
    close() {
      clearInterval(timer);
      for (const call of open.keys()) end(call);
    },
  };
}

const listNames = ["tools", "resources", "prompts"] as const;

function lookingOf({ slug, caller: { agentId, keyId } }: ToolsCall): Looking {
  return { slug, agentId, keyId };
}

function tag({ request }: ToolsCall): JsonObject {
  return { [subscriptionKey]: request.id };
}
