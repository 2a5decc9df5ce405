import type { JsonValue } from "#lib/core/canonical.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import type { ToolsCall } from "#lib/gateway/call.ts";
import type { Denier } from "#lib/gateway/deny.ts";
import { enter } from "#lib/gateway/enter.ts";
import { streamEvent } from "#lib/gateway/exchange.ts";
import type { Session } from "#lib/gateway/session.ts";
import type { Policy, PolicyKeeper } from "#lib/gateway/snapshot.ts";
import { changes, definitionOf, type Listed, type ListName, noteSeen, visible } from "#lib/gateway/visible.ts";
import { errorText, type RpcId } from "#lib/mcp/json-rpc.ts";

/** Entries on one page of a list. */
export const pageSize = 200;

type List = { list: ListName; kind: CapabilityKind; items: string };

const methods: Readonly<Record<string, List>> = {
  "tools/list": { list: "tools", kind: "tool", items: "tools" },
  "resources/list": { list: "resources", kind: "resource", items: "resources" },
  "resources/templates/list": { list: "resources", kind: "resource_template", items: "resourceTemplates" },
  "prompts/list": { list: "prompts", kind: "prompt", items: "prompts" },
};

/** Whether a method asks for a list. */
export function isList(method: string): boolean {
  return Object.hasOwn(methods, method);
}

/**
 * Answers a list from the approved registry.
 * @param stateless for callers of that era: for how long the answer holds (milliseconds), and which tools can be called over HTTP there
 */
export type Lister = (
  call: ToolsCall,
  stateless?: { ttlMs: number; isOffered: (tool: CompiledTool) => boolean },
) => void;

export function createLister(keeper: PolicyKeeper, deny: Denier): Lister {
  return (call, stateless) => {
    const { slug, session, caller, request, exchange } = call;
    const asked = methods[request.method];
    const entry = enter(keeper, call);
    if (asked === undefined) return deny.forReason(call, "method_not_found", null, null);
    if (!entry.isOpen) return deny.forReason(call, entry.reason, null, null);
    const looking = { agentId: caller.agentId, slug, keyId: caller.keyId };
    const now = keeper.now();
    const seen = visible(entry.policy, looking, asked.kind, now);
    if (session !== null) noteSeen(session.seen, asked.list, entry.policy, looking, now);
    const shown = stateless === undefined ? seen : seen.filter(({ tool }) => stateless.isOffered(tool));
    const members =
      stateless === undefined ? "" : `,"resultType":"complete","ttlMs":${stateless.ttlMs},"cacheScope":"private"`;
    const text = page(request.id, asked.items, shown, request.params?.cursor, members);
    exchange.finish(text ?? errorText(request.id, -32602, `This cursor is not one of ${request.method}.`));
  };
}

/**
 * One page as answer text, in order of name. The cursor names the last entry of the page before, so it survives changes in between.
 * Null for a cursor that is none of ours.
 * @param members further members of the result, as JSON text that begins with a comma
 */
function page(
  id: RpcId,
  items: string,
  all: readonly Listed[],
  cursor: JsonValue | undefined,
  members: string,
): string | null {
  let start = 0;
  if (cursor !== undefined) {
    const last = typeof cursor === "string" ? readCursor(cursor) : null;
    if (last === null) return null;
    start = all.findIndex(({ name }) => name > last);
    if (start === -1) start = all.length;
  }
  const shown = all.slice(start, start + pageSize);
  const last = shown.at(-1);
  const isMore = last !== undefined && start + shown.length < all.length;
  const next = isMore ? `,"nextCursor":${JSON.stringify(writeCursor(last.name))}` : "";
  const definitions = shown.map(definitionOf).join(",");
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"${items}":[${definitions}]${next}${members}}}`;
}

/** Tells those who listen that their lists changed, if they did. */
export function announceChanges(sessions: Iterable<Session>, policy: Policy, now: number): void {
  for (const { seen, stream, agentId, slug } of sessions)
    for (const text of changes(seen, policy, { agentId, slug, keyId: null }, now))
      stream?.response.write(streamEvent(text));
}

function writeCursor(name: string): string {
  return Buffer.from(`after:${name}`).toString("base64url");
}

function readCursor(cursor: string): string | null {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  return text.startsWith("after:") ? text.slice(6) : null;
}
