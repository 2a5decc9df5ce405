import { diffText } from "#components/connectors/diff-text.ts";
import type { FieldChange } from "#components/ui/diff-view.tsx";

/** What differs between two JSON values, member by member, for reading: lists as a whole. Paths are JSON Pointers (RFC 6901). */
export function fieldChanges(before: unknown, after: unknown, path = ""): FieldChange[] {
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => fieldChanges(own(before, name), own(after, name), `${path}/${escaped(name)}`));
  }
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : diffText(value)));
  return old === now ? [] : [{ path: path === "" ? "/" : path, before: old, after: now }];
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
