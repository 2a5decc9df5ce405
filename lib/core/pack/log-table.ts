import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import type { LeafEvent } from "#lib/core/log/leaf.ts";
import { packPaths } from "#lib/core/pack/manifest.ts";

/** An event with its position in the log. */
export type IndexedEvent = { readonly index: number; readonly event: LeafEvent };

/** A row of a table made from the log: the event it is about and, for calls, the event that tells the outcome. */
export type LogRow = { readonly entry: IndexedEvent; readonly outcome: IndexedEvent | undefined };

/** The tables made from the log, and the types of event that each has a row for. */
export const logTables: { readonly [path: string]: readonly string[] } = {
  [packPaths.calls]: ["call.intent"],
  [packPaths.denials]: ["call.denied", "call.malformed", "calls.denied-aggregated"],
};

const columnPattern = /^(outcome\.)?(index|id|type|time|principal\.kind|principal\.id|subjects|data\.[^.]+(\.[^.]+)*)$/;

/** Whether a column names something in an event: its path in the leaf, or `index`; after `outcome.`, in the outcome of the call. */
export function isLogColumn(column: string): boolean {
  return columnPattern.test(column);
}

/**
 * The rows of a table made from the log, in log order: one per event of the table's types. A call's outcome is the last `call.outcome`
 * with the same `data.callId` among the entries.
 * @param path `population/calls.csv` or `population/denials.csv`
 */
export function logRows(path: string, entries: readonly IndexedEvent[]): LogRow[] {
  const types = logTables[path] ?? [];
  const outcomes = new Map<JsonValue, IndexedEvent>();
  for (const entry of entries) {
    const { callId } = entry.event.data;
    if (entry.event.type === "call.outcome" && typeof callId === "string") outcomes.set(callId, entry);
  }
  return entries
    .filter(({ event }) => types.includes(event.type))
    .map((entry) => ({
      entry,
      outcome: entry.event.type === "call.intent" ? outcomes.get(entry.event.data.callId ?? null) : undefined,
    }));
}

/** What a column says about a row: text as it is, other values as canonical JSON, nothing as the empty string. */
export function logCell(column: string, { entry, outcome }: LogRow): string {
  const prefix = "outcome.";
  const source = column.startsWith(prefix) ? outcome : entry;
  const path = column.startsWith(prefix) ? column.slice(prefix.length) : column;
  if (source === undefined) return "";
  if (path === "index") return String(source.index);
  let value: JsonValue | undefined = source.event;
  for (const name of path.split(".")) {
    const holder: unknown = value;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return "";
    value = (holder as { readonly [name: string]: JsonValue })[name];
  }
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : canonicalize(value);
}
