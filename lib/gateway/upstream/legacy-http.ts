import type { Target } from "#lib/gateway/store/snapshot.ts";
import type { Credentials } from "#lib/gateway/upstream/credentials.ts";
import { inspectHttp } from "#lib/gateway/upstream/inspect-http.ts";
import { openUpstreamSession, type UpstreamSession } from "#lib/gateway/upstream/legacy-session.ts";
import {
  type Forward,
  type UpstreamAnswer,
  UpstreamFailure,
  type UpstreamLeg,
} from "#lib/gateway/upstream/upstream.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";

/** An idle session towards a server is ended after this long. */
const idleMs = 5 * 60_000;
const sessionsMax = 2_000;

type Slot = { session: Promise<UpstreamSession>; target: Target; usedAt: number };

/**
 * Servers of the handshake era over Streamable HTTP. Sessions are kept per (connector version, credential, agent), so that no
 * agent's state reaches another; a session that the server forgot (404) is opened again and the request, which the server did not
 * take, is sent once more. Nothing else is ever repeated.
 * @param onListChanged told when a server says that its tools changed
 */
export function createLegacyHttp(
  egress: Egress,
  credentials: Credentials,
  onListChanged: (connectorId: string) => void,
): UpstreamLeg {
  const slots = new Map<string, Slot>();
  const reaper = setInterval(() => {
    const before = performance.now() - idleMs;
    for (const [key, slot] of slots) if (slot.usedAt < before) drop(key, slot);
  }, 30_000);

  function slotOf(target: Target, agentId: string): [string, Slot] {
    const key = `${target.versionId} ${target.credential?.id ?? ""} ${agentId}`;
    const known = slots.get(key);
    if (known !== undefined) {
      known.usedAt = performance.now();
      return [key, known];
    }
    if (slots.size >= sessionsMax) for (const [oldest, slot] of [...slots].slice(0, 1)) drop(oldest, slot);
    // one listener per connector is enough, however many agents use it
    const { connectorId } = target;
    const isHeard = [...slots.values()].some((slot) => slot.target.connectorId === connectorId);
    const listener = isHeard ? null : () => onListChanged(connectorId);
    const session = openUpstreamSession(target, egress, credentials, listener);
    const slot = { session, target, usedAt: performance.now() };
    slots.set(key, slot);
    session.catch(() => {
      if (slots.get(key) === slot) slots.delete(key);
    });
    return [key, slot];
  }

  function drop(key: string, slot: Slot): void {
    if (slots.get(key) === slot) slots.delete(key);
    slot.session.then(
      (session) => session.close(),
      () => undefined,
    );
  }

  async function call(target: Target, forward: Forward): Promise<UpstreamAnswer> {
    for (let tries = 1; ; tries += 1) {
      const [key, slot] = slotOf(target, forward.agentId);
      const session = await slot.session;
      const answer = await session.forward(forward);
      if (answer !== "no_session" && answer !== "unauthorized") return answer;
      drop(key, slot);
      if (answer === "unauthorized") credentials.forget(target);
      if (tries === 2 || (answer === "unauthorized" && target.credential?.kind !== "oauth_client_credentials"))
        throw new UpstreamFailure(answer === "unauthorized" ? "credential" : "broken");
    }
  }

  return {
    call,
    inspect: (target) => inspectHttp(target, egress, credentials),
    keep(versionIds) {
      for (const [key, slot] of slots) if (!versionIds.has(slot.target.versionId)) drop(key, slot);
    },
    async close() {
      clearInterval(reaper);
      const open = [...slots.values()];
      slots.clear();
      await Promise.all(open.map((slot) => slot.session.then((session) => session.close()).catch(() => undefined)));
    },
  };
}
