import { createHash } from "node:crypto";
import type { JsonObject } from "#lib/core/canonical.ts";
import { discoverable, openConnectors } from "#lib/core/decision/access.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import { estateName } from "#lib/gateway/enter.ts";
import type { Policy } from "#lib/gateway/snapshot.ts";
import { notificationText } from "#lib/mcp/json-rpc.ts";

/** A tool, resource, template or prompt under the name that the asking agent knows it by. */
export type Listed = { name: string; tool: CompiledTool };

/** Who looks, and at which endpoint (null: its whole estate). `keyId` is null where no token is at hand. */
export type Looking = { agentId: string; slug: string | null; keyId: string | null };

/**
 * What an agent sees of one kind, in order of name: the approved definitions of what a use would not be denied for lack of grant.
 * Its whole estate has the tools of all its connectors, named after them.
 */
export function visible(
  policy: Policy,
  { agentId, slug, keyId }: Looking,
  kind: CapabilityKind,
  now: number,
): Listed[] {
  const see = (connectorSlug: string) => {
    const asking = { agentId, connectorSlug, kind, now } as const;
    return discoverable(policy.snapshot, keyId === null ? asking : { ...asking, keyId });
  };
  if (slug !== null) return see(slug).map((tool) => ({ name: tool.name, tool }));
  if (kind !== "tool") return [];
  const listed = openConnectors(policy.snapshot, agentId).flatMap((connector) =>
    see(connector).map((tool) => ({ name: estateName(connector, tool.name), tool })),
  );
  return listed.sort((one, other) => (one.name < other.name ? -1 : 1));
}

const renamed = new WeakMap<CompiledTool, string>();

/** The approved definition as JSON text, as it was approved where its name is its own. */
export function definitionOf({ name, tool }: Listed): string {
  if (name === tool.name) return tool.definition;
  let text = renamed.get(tool);
  if (text === undefined) {
    text = JSON.stringify({ ...(JSON.parse(tool.definition) as JsonObject), name });
    renamed.set(tool, text);
  }
  return text;
}

/** The lists that can change, and what stands in them. */
const lists = { tools: ["tool"], resources: ["resource", "resource_template"], prompts: ["prompt"] } as const;
export type ListName = keyof typeof lists;

/** What an agent last saw or was told of each list that it cares for, in short. */
export type Seen = Map<ListName, string>;

/** Notes what a list says now. */
export function noteSeen(seen: Seen, list: ListName, policy: Policy, looking: Looking, now: number): void {
  const hash = createHash("sha256");
  for (const kind of lists[list])
    for (const { name, tool } of visible(policy, looking, kind, now))
      hash.update(name).update("\0").update(tool.definitionDigest).update("\0");
  seen.set(list, hash.digest("base64url"));
}

/** Notifications of the lists that are no longer what was seen; notes what they say now. `meta` goes along. */
export function changes(seen: Seen, policy: Policy, looking: Looking, now: number, meta?: JsonObject): string[] {
  const told: string[] = [];
  for (const [list, before] of seen) {
    noteSeen(seen, list, policy, looking, now);
    if (seen.get(list) !== before)
      told.push(
        notificationText(`notifications/${list}/list_changed`, meta === undefined ? undefined : { _meta: meta }),
      );
  }
  return told;
}
