import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { escapePointer, isJsonObject } from "#lib/core/inspection/json.ts";
import {
  type Capability,
  type CapabilityKind,
  pinnedIdentity,
  type ServerSnapshot,
} from "#lib/core/inspection/snapshot.ts";

/** One changed field; `path` is a JSON Pointer. `before` is null when added, `after` when removed. */
export type FieldChange = {
  path: string;
  change: "added" | "removed" | "changed";
  before: JsonValue;
  after: JsonValue;
};

/** One capability that differs. A renamed tool shows as one removed and one added: it is a new tool. */
export type CapabilityChange = {
  kind: CapabilityKind;
  name: string;
  change: "added" | "removed" | "changed";
  fields: FieldChange[];
};

/** What differs between two looks at a server; both lists empty when nothing that a version pins has changed. */
export type SnapshotDiff = { identity: FieldChange[]; capabilities: CapabilityChange[] };

/** Compares two snapshots field by field: the pinned identity, then every capability by kind and name. */
export function diffSnapshots(before: ServerSnapshot, after: ServerSnapshot): SnapshotDiff {
  return {
    identity: diffValues(pinnedIdentity(before.identity), pinnedIdentity(after.identity)),
    capabilities: diffCapabilities(before.capabilities, after.capabilities),
  };
}

/** Compares two sets of capabilities by kind and name, in the order of `before`, new ones last. */
export function diffCapabilities(before: readonly Capability[], after: readonly Capability[]): CapabilityChange[] {
  const later = new Map(after.map((capability) => [idOf(capability), capability]));
  const changes: CapabilityChange[] = [];
  for (const old of before) {
    const now = later.get(idOf(old));
    later.delete(idOf(old));
    const fields = now === undefined ? removedFields(old.definition) : diffValues(old.definition, now.definition);
    if (now === undefined || fields.length > 0)
      changes.push({ kind: old.kind, name: old.name, change: now === undefined ? "removed" : "changed", fields });
  }
  for (const { kind, name, definition } of later.values())
    changes.push({ kind, name, change: "added", fields: addedFields(definition) });
  return changes;
}

/**
 * Compares two JSON values. Objects are compared member by member; lists of equal length whose items are objects item by item;
 * everything else as a whole.
 */
export function diffValues(before: JsonValue, after: JsonValue, path = ""): FieldChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].sort().flatMap((name) => diffMember(before, after, name, `${path}/${escapePointer(name)}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isJsonObject))
    return before.flatMap((item, index) => diffValues(item, after[index] ?? null, `${path}/${index}`));
  return canonicalize(before) === canonicalize(after) ? [] : [{ path, change: "changed", before, after }];
}

function diffMember(before: JsonObject, after: JsonObject, name: string, path: string): FieldChange[] {
  const old = own(before, name);
  const now = own(after, name);
  if (old !== undefined && now !== undefined) return diffValues(old, now, path);
  if (now !== undefined) return [{ path, change: "added", before: null, after: now }];
  return old === undefined ? [] : [{ path, change: "removed", before: old, after: null }];
}

function addedFields(definition: JsonObject): FieldChange[] {
  return diffValues({}, definition);
}

function removedFields(definition: JsonObject): FieldChange[] {
  return diffValues(definition, {});
}

/** A member of the object itself: a served name such as "constructor" must not find what every object inherits. */
function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function idOf({ kind, name }: Capability): string {
  return `${kind} ${name}`;
}
