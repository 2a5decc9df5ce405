import type { JsonObject } from "#lib/core/canonical.ts";
import { leafBytes } from "#lib/core/log/event.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import type { LoggedPrincipal } from "#lib/core/log/leaf.ts";
import { newId } from "#lib/platform/id.ts";

/** An event as a test wants it; everything not given is ordinary. `columns` go beside those that the leaf repeats. */
export type EventSeed = {
  type: EventType;
  id?: string;
  time?: Date;
  principal?: LoggedPrincipal;
  subjects?: readonly string[];
  data?: JsonObject;
  columns?: Readonly<Record<string, string>>;
};

/** The statement that writes an event with the leaf that says what its row says. */
export function eventInsert(seed: EventSeed): { id: string; text: string; values: unknown[] } {
  const { type, id = newId("evt"), time = new Date(), data = {}, columns = {} } = seed;
  const principal = seed.principal ?? { kind: "system", id: "system" };
  const subjects = [...new Set(seed.subjects)].sort();
  const leaf = leafBytes({ v: 1, id, type, time: time.toISOString(), principal, subjects, data });
  const row = {
    id,
    type,
    time,
    principal_kind: principal.kind,
    principal_id: principal.id,
    subjects,
    leaf: Buffer.from(leaf),
    ...columns,
  };
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  const text = `insert into audit_event (${Object.keys(row).join(", ")}) values (${places.join(", ")})`;
  return { id, text, values: Object.values(row) };
}
