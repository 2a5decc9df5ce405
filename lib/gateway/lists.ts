import { createHash } from "node:crypto";
import type { JsonObject } from "#lib/core/canonical.ts";
import { discoverable, openConnectors } from "#lib/core/decision/access.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import type { Denier } from "#lib/gateway/deny.ts";
import { enter, estateName } from "#lib/gateway/enter.ts";
import type { Session } from "#lib/gateway/session.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import { errorText, notificationText, type RpcId } from "#lib/mcp/json-rpc.ts";

/** Tools on one page of `tools/list`. */
export const pageSize = 200;

/** A tool under the name that the asking agent knows it by. */
export type Listed = { name: string; tool: CompiledTool };

/**
 * The tools that this agent sees now, in order of name: the approved definitions of what a call would not be denied for lack of grant.
 * With `slug` null those of all its connectors, named after them.
 */
export function visibleTools(
  { snapshot }: Policy,
  { agentId, slug }: { agentId: string; slug: string | null },
  keyId: string | null,
  now: number,
): Listed[] {
  const see = (connectorSlug: string) => {
    const asking = { agentId, connectorSlug, kind: "tool", now } as const;
    return discoverable(snapshot, keyId === null ? asking : { ...asking, keyId });
  };
  if (slug !== null) return see(slug).map((tool) => ({ name: tool.name, tool }));
  const listed = openConnectors(snapshot, agentId).flatMap((connector) =>
    see(connector).map((tool) => ({ name: estateName(connector, tool.name), tool })),
  );
  return listed.sort((one, other) => (one.name < other.name ? -1 : 1));
}

const renamed = new WeakMap<CompiledTool, string>();

/** The approved definition, byte for byte where its name is its own. */
function definitionOf({ name, tool }: Listed): string {
  if (name === tool.name) return tool.definition;
  let text = renamed.get(tool);
  if (text === undefined) {
    text = JSON.stringify({ ...(JSON.parse(tool.definition) as JsonObject), name });
    renamed.set(tool, text);
  }
  return text;
}

/** Answers lists from the approved registry. */
export type Lister = {
  /** `stateless` for callers of that era: for how long the answer holds, and what can be called over HTTP there. */
  tools(call: ToolsCall, stateless?: { ttlMs: number; isOffered: (tool: CompiledTool) => boolean }): void;
};

export function createLister(keeper: PolicyKeeper, deny: Denier): Lister {
  return {
    tools(call, stateless) {
      const { slug, session, caller, request, exchange } = call;
      const entry = enter(keeper, call);
      if (!entry.isOpen) return deny.forReason(call, entry.reason, null, null);
      const seen = visibleTools(entry.policy, { agentId: caller.agentId, slug }, caller.keyId, keeper.now());
      if (session !== null) session.listSignature = listSignature(seen);
      const tools = stateless === undefined ? seen : seen.filter(({ tool }) => stateless.isOffered(tool));
      const members =
        stateless === undefined ? "" : `,"resultType":"complete","ttlMs":${stateless.ttlMs},"cacheScope":"private"`;
      const text = toolsPage(request.id, tools, request.params?.cursor, members);
      exchange.finish(text ?? errorText(request.id, -32602, "This cursor is not one of tools/list."));
    },
  };
}

/**
 * One page of `tools/list` as answer text, in order of name, the definitions as they were approved, byte for byte.
 * The cursor names the last tool of the page before, so it survives changes in between. Null for a cursor that is none of ours.
 * @param members further members of the result, as JSON text that begins with a comma
 */
function toolsPage(id: RpcId, tools: readonly Listed[], cursor: unknown, members: string): string | null {
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
  const definitions = page.map(definitionOf).join(",");
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":[${definitions}]${next}${members}}}`;
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
export function listSignature(tools: readonly Listed[]): string {
  const hash = createHash("sha256");
  for (const { name, tool } of tools) hash.update(name).update("\0").update(tool.definitionDigest).update("\0");
  return hash.digest("base64url");
}

function writeCursor(name: string): string {
  return Buffer.from(`after:${name}`).toString("base64url");
}

function readCursor(cursor: string): string | null {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  return text.startsWith("after:") ? text.slice(6) : null;
}
