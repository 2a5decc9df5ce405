/** Where a JSON value stands in its text: `[start, end)`. */
export type Span = { start: number; end: number };

/**
 * Finds the value at a path of member names in a JSON text that is known to be valid and free of duplicate names; null when absent.
 * Lets ids and progress tokens be exchanged without re-serialising a message, so that everything else stays byte for byte.
 */
export function findValue(text: string, path: readonly string[]): Span | null {
  let at = skipSpace(text, 0);
  for (const name of path) {
    const next = findMember(text, at, name);
    if (next === null) return null;
    at = next;
  }
  return { start: at, end: skipValue(text, at) };
}

/** The text with other values at the given spans. */
export function replaceSpans(text: string, changes: readonly { span: Span; with: string }[]): string {
  const ordered = [...changes].sort((a, b) => a.span.start - b.span.start);
  let result = "";
  let from = 0;
  for (const change of ordered) {
    result += text.slice(from, change.span.start) + change.with;
    from = change.span.end;
  }
  return result + text.slice(from);
}

function findMember(text: string, object: number, name: string): number | null {
  if (text[object] !== "{") return null;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const nameEnd = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (JSON.parse(text.slice(at, nameEnd)) === name) return value;
    at = skipSpace(text, skipValue(text, value));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return null;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first !== "{" && first !== "[") {
    let at = start;
    while (at < text.length && !/[\s,}\]]/.test(text.charAt(at))) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && escaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function escaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return at;
}
