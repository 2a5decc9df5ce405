import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";

/** Whether a JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One value inside a document, with its JSON Pointer (RFC 6901). */
export type Located = { pointer: string; key: string | null; value: JsonValue };

/**
 * Every value inside a document, the root first (pointer ""), in document order.
 * Stops after `valuesMax` values, so that a hostile document costs a bounded amount of work.
 */
export function* walk(root: JsonValue, valuesMax = 20_000): Generator<Located> {
  const open: Located[] = [{ pointer: "", key: null, value: root }];
  for (let seen = 0; seen < valuesMax; seen += 1) {
    const here = open.pop();
    if (here === undefined) return;
    yield here;
    const children: Located[] = [];
    if (Array.isArray(here.value)) {
      here.value.forEach((value, index) => {
        children.push({ pointer: `${here.pointer}/${index}`, key: null, value });
      });
    } else if (isJsonObject(here.value)) {
      for (const [key, value] of Object.entries(here.value))
        children.push({ pointer: `${here.pointer}/${escapePointer(key)}`, key, value });
    }
    while (children.length > 0) {
      const child = children.pop();
      if (child) open.push(child);
    }
  }
}

/** One reference token of a JSON Pointer, escaped (RFC 6901, section 3). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
