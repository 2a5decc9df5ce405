import type { JsonObject } from "#lib/core/canonical.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import { listSignature, visibleTools } from "#lib/gateway/lists.ts";
import type { Policy } from "#lib/gateway/snapshot.ts";
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
  const open = new Map<ToolsCall, string>();
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

  function signatureOf({ slug, caller }: ToolsCall, policy: Policy, now: number): string {
    return listSignature(visibleTools(policy, { slug, agentId: caller.agentId }, caller.keyId, now));
  }

  return {
    open(call, policy, now) {
      const { caller, exchange } = call;
      let own = 0;
      for (const other of open.keys()) if (other.caller.agentId === caller.agentId) own += 1;
      if (own >= subscriptionsPerAgentMax) return false;
      const wanted = call.request.params?.notifications;
      const hears = typeof wanted === "object" && wanted !== null && "toolsListChanged" in wanted;
      const isHeard = hears && wanted.toolsListChanged === true;
      const params = { notifications: isHeard ? { toolsListChanged: true } : {}, _meta: tag(call) };
      open.set(call, signatureOf(call, policy, now));
      exchange.message(notificationText("notifications/subscriptions/acknowledged", params));
      exchange.onClose(() => open.delete(call));
      if (!isHeard) end(call);
      return true;
    },
    announce(policy, now) {
      for (const [call, before] of open) {
        const signature = signatureOf(call, policy, now);
        if (signature === before) continue;
        open.set(call, signature);
        call.exchange.message(notificationText("notifications/tools/list_changed", { _meta: tag(call) }));
      }
    },
    close() {
      clearInterval(timer);
      for (const call of open.keys()) end(call);
    },
  };
}

function tag({ request }: ToolsCall): JsonObject {
  return { [subscriptionKey]: request.id };
}
