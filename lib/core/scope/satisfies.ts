import type { JsonScalar, Rule } from "#lib/core/scope/scope.ts";

/**
 * Whether an argument is what a rule allows.
 *
 * - Numbers: finite and within ±(2^53 − 1), because beyond that the number decided on and the digits forwarded may differ.
 *   `1` and `1.0` are one number, so are `0` and `-0`. Numeric text is not a number.
 * - Prefix: text only. A value with a `..` path segment never matches. Where the prefix contains "/", it is read as a path or an
 *   address: then a segment that starts with `..`, a backslash, a control character (NUL included) and a percent-encoded dot,
 *   slash, backslash, percent sign or control character do not match either, whatever follows the prefix.
 *   It is a prefix of text, not of segments: `/data` also allows `/database`, `/data/` does not.
 */
export function satisfies(rule: Rule, value: unknown): boolean {
  switch (rule.op) {
    case "equals":
      return isSame(rule.value, value);
    case "one_of":
      for (const allowed of rule.values) if (isSame(allowed, value)) return true;
      return false;
    case "prefix":
      return typeof value === "string" && value.startsWith(rule.value) && !climbs(value, rule.value.includes("/"));
    case "range":
      if (!isExactNumber(value)) return false;
      return (rule.min === undefined || value >= rule.min) && (rule.max === undefined || value <= rule.max);
    default:
      return false;
  }
}

/** Whether a number is the same in every reader: finite and not beyond the integers that a double holds exactly. */
export function isExactNumber(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/**
 * Whether a text could lead out of where it starts, once a server reads it as a path.
 * @param isPath whether it is known to be a path or an address, which forbids more
 */
export function climbs(value: string, isPath: boolean): boolean {
  if (!isPath) return value.includes("..") && parentSegment.test(value);
  return pathEscape.test(value);
}

const parentSegment = /(?:^|[/\\])\.\.(?:$|[/\\])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const pathEscape = /(?:^|\/)\.\.|[\u0000-\u001f\u007f\\]|%(?:2e|2f|5c|25|[01][0-9a-f]|7f)/i;

function isSame(allowed: JsonScalar, value: unknown): boolean {
  return typeof allowed === "number" ? isExactNumber(value) && allowed === value : allowed === value;
}
