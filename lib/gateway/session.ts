import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { LogLevel } from "#lib/gateway/logging.ts";
import type { Seen } from "#lib/gateway/visible.ts";
import type { RpcId } from "#lib/mcp/json-rpc.ts";
import { newId } from "#lib/platform/id.ts";

/** One protocol session of one agent on one connector (legacy era). Its id is no credential: every request shows its token again. */
export type Session = {
  readonly id: string;
  /** How records name it; the id itself stays between agent and gateway. */
  readonly recordId: string;
  readonly agentId: string;
  /** Null for the agent's whole estate. */
  readonly slug: string | null;
  readonly protocolVersion: string;
  readonly startedAt: number;
  usedAt: number;
  /** Calls under way by request id, for cancellation. */
  readonly calls: Map<RpcId, AbortController>;
  /** The GET stream, when one is open, and when its token expires (epoch seconds). */
  stream: { response: ServerResponse; expiresAt: number } | null;
  /** What the agent last saw or was told of, to send `list_changed` only when it did. */
  readonly seen: Seen;
  /** The least severe log messages of servers that it wants. */
  logLevel: LogLevel;
};

/** Named bounds of sessions; times in milliseconds. */
export const sessionLimits = {
  idleMs: 30 * 60_000,
  absoluteMs: 12 * 3_600_000,
  perAgent: 100,
  keepAliveMs: 15_000,
} as const;
export type SessionLimits = { readonly [K in keyof typeof sessionLimits]: number };

export type Sessions = {
  start(agentId: string, slug: string | null, protocolVersion: string): Session;
  /** The session, if it lives and belongs to exactly this agent and connector; another principal's id is as unknown as any. */
  find(id: string | string[] | undefined, agentId: string, slug: string | null): Session | null;
  end(session: Session): void;
  /** Sessions with an open stream. */
  listening(): Session[];
  size(): number;
  close(): void;
};

export function createSessions(limits: SessionLimits = sessionLimits): Sessions {
  const sessions = new Map<string, Session>();
  const byAgent = new Map<string, Set<Session>>();
  const sweeper = setInterval(sweep, Math.min(limits.keepAliveMs, limits.idleMs));

  function isExpired(session: Session, now: number): boolean {
    return (
      now - session.startedAt > limits.absoluteMs || (now - session.usedAt > limits.idleMs && session.calls.size === 0)
    );
  }

  function sweep(): void {
    const now = Date.now();
    for (const session of sessions.values()) {
      if (session.stream !== null && session.stream.expiresAt * 1_000 < now) closeStream(session);
      if (session.stream !== null) {
        session.usedAt = now;
        session.stream.response.write(": \n\n");
      }
      if (isExpired(session, now)) end(session);
    }
  }

  function end(session: Session): void {
    sessions.delete(session.id);
    const own = byAgent.get(session.agentId);
    own?.delete(session);
    if (own?.size === 0) byAgent.delete(session.agentId);
    closeStream(session);
    for (const call of session.calls.values()) call.abort();
  }

  return {
    start(agentId, slug, protocolVersion) {
      const own = byAgent.get(agentId) ?? new Set();
      byAgent.set(agentId, own);
      if (own.size >= limits.perAgent) {
        let oldest: Session | undefined;
        for (const one of own) if (oldest === undefined || one.usedAt < oldest.usedAt) oldest = one;
        if (oldest !== undefined) end(oldest);
        byAgent.set(agentId, own);
      }
      const now = Date.now();
      const session: Session = {
        id: randomBytes(24).toString("base64url"),
        recordId: newId("ses"),
        agentId,
        slug,
        protocolVersion,
        startedAt: now,
        usedAt: now,
        calls: new Map(),
        stream: null,
        seen: new Map(),
        logLevel: "debug",
      };
      own.add(session);
      sessions.set(session.id, session);
      return session;
    },
    find(id, agentId, slug) {
      const session = typeof id === "string" ? sessions.get(id) : undefined;
      if (session === undefined || session.agentId !== agentId || session.slug !== slug) return null;
      const now = Date.now();
      if (isExpired(session, now)) {
        end(session);
        return null;
      }
      session.usedAt = now;
      return session;
    },
    end,
    listening: () => [...sessions.values()].filter((session) => session.stream !== null),
    size: () => sessions.size,
    close() {
      clearInterval(sweeper);
      for (const session of sessions.values()) end(session);
    },
  };
}

function closeStream(session: Session): void {
  session.stream?.response.end();
  session.stream = null;
}
