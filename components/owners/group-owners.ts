import type { Agent } from "#lib/contract/agents.ts";
import type { Connector, Owner } from "#lib/contract/connectors.ts";

/** A connector or an agent that somebody answers for. */
export type Owned = {
  kind: "connector" | "agent";
  id: string;
  slug: string;
  name: string;
  status: Connector["status"] | Agent["status"];
  role: Owner["role"] | null;
  confirmed: boolean;
};

/** A person or team with everything that they own. */
export type OwnerGroup = { id: string; kind: Owner["ownerKind"]; name: string; owned: Owned[] };

/** Groups connectors and agents by owner, by name; `orphans` are those in use that nobody owns. */
export function groupOwners(
  connectors: readonly Connector[],
  agents: readonly Agent[],
): { groups: OwnerGroup[]; orphans: Owned[] } {
  const groups = new Map<string, OwnerGroup>();
  const orphans: Owned[] = [];
  const things = [
    ...connectors.map((thing) => ({ kind: "connector" as const, thing })),
    ...agents.map((thing) => ({ kind: "agent" as const, thing })),
  ];
  for (const { kind, thing } of things) {
    const { id, slug, name, status, owners } = thing;
    if (owners.length === 0 && status !== "retired") {
      orphans.push({ kind, id, slug, name, status, role: null, confirmed: true });
    }
    for (const owner of owners) {
      const key = `${owner.ownerKind} ${owner.ownerId}`;
      const group = groups.get(key) ?? { id: key, kind: owner.ownerKind, name: owner.name, owned: [] };
      group.owned.push({ kind, id, slug, name, status, role: owner.role, confirmed: owner.confirmed });
      groups.set(key, group);
    }
  }
  for (const { owned } of groups.values()) owned.sort(byName);
  return {
    groups: [...groups.values()].sort((a, b) => a.name.localeCompare(b.name, "en")),
    orphans: orphans.sort(byName),
  };
}

function byName(a: Owned, b: Owned): number {
  return b.kind.localeCompare(a.kind) || a.name.localeCompare(b.name, "en");
}
