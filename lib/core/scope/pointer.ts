const malformed = /~(?![01])/;
const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

/** Whether a text is a JSON Pointer (RFC 6901) to something inside a document, so not the empty pointer. */
export function isInnerPointer(text: string): boolean {
  return text.startsWith("/") && !malformed.test(text);
}

/**
 * What a JSON Pointer leads to, `undefined` where it leads nowhere. Follows own members only, so `__proto__`, `length` and the like
 * are found only where the document itself has them; array indices as in RFC 6901, section 4 (no leading zero, no "-").
 * @param pointer checked by `isInnerPointer`
 */
export function resolvePointer(document: unknown, pointer: string): unknown {
  let here = document;
  let start = 1;
  while (start <= pointer.length) {
    if (typeof here !== "object" || here === null) return undefined;
    const slash = pointer.indexOf("/", start);
    const end = slash === -1 ? pointer.length : slash;
    const raw = pointer.slice(start, end);
    // "~1" before "~0", or "~01" would become "/" (RFC 6901, section 4)
    const token = raw.includes("~") ? raw.replaceAll("~1", "/").replaceAll("~0", "~") : raw;
    if (Array.isArray(here) && !arrayIndex.test(token)) return undefined;
    if (!Object.hasOwn(here, token)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[token];
    start = end + 1;
  }
  return here;
}
