import { createHash } from "node:crypto";
import { discoverable } from "#lib/core/decision/access.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { Session } from "#lib/gateway/session.ts";
import type { Policy } from "#lib/gateway/snapshot.ts";
import { notificationText, type RpcId } from "#lib/mcp/json-rpc.ts";

/** Tools on one page of `tools/list`. */
export const pageSize = 200;

/** The tools that this agent sees now: the approved definitions of what a call would not be denied for lack of grant. */
export function visibleTools(policy: Policy, session: Session, keyId: string | null, now: number): CompiledTool[] {
  const asking = { agentId: session.agentId, connectorSlug: session.slug, kind: "tool", now } as const;
  return discoverable(policy.snapshot, keyId === null ? asking : { ...asking, keyId });
}

/**
 * One page of `tools/list` as answer text, in order of name, the definitions as they were approved, byte for byte.
 * The cursor names the last tool of the page before, so it survives changes in between. Null for a cursor that is none of ours.
 */
export function toolsPage(id: RpcId, tools: readonly CompiledTool[], cursor: unknown): string | null {
  let start = 0;
  if (cursor !== undefined) {
    const last = typeof cursor === "string" ? readCursor(cursor) : null;
    if (last === null) return null;
    start = tools.findIndex((tool) => tool.name > last);
    if (start === -1) start = tools.length;
  }
  const page = tools.slice(start, start + pageSize);
  const last = page.at(-1);
  const isMore = last !== undefined && start + page.length < tools.length;
  const next = isMore ? `,"nextCursor":${JSON.stringify(writeCursor(last.name))}` : "";
  const definitions = page.map((tool) => tool.definition).join(",");
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":[${definitions}]${next}}}`;
}

/** Tells those who listen that their list changed, if it did. */
export function announceChanges(sessions: Iterable<Session>, policy: Policy, now: number): void {
  for (const session of sessions) {
    const signature = listSignature(visibleTools(policy, session, null, now));
    const isNews = session.listSignature !== null && session.listSignature !== signature;
    session.listSignature = signature;
    if (isNews) {
      const text = notificationText("notifications/tools/list_changed");
      session.stream?.response.write(`event: message\ndata: ${text}\n\n`);
    }
  }
}

/** What a list says, in short. */
export function listSignature(tools: readonly CompiledTool[]): string {
  const hash = createHash("sha256");
  for (const tool of tools) hash.update(tool.name).update("\0").update(tool.definitionDigest).update("\0");
  return hash.digest("base64url");
}

function writeCursor(name: string): string {
  return Buffer.from(`after:${name}`).toString("base64url");
}

function readCursor(cursor: string): string | null {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  return text.startsWith("after:") ? text.slice(6) : null;
}
