import type { z } from "zod";
import { DomainError, type Issue } from "#lib/contract/errors.ts";

const levelsMax = 40;

/**
 * The input of an operation as its schema reads it. Text that PostgreSQL or canonical JSON cannot hold, and nesting that no
 * operation needs, are refused for every operation alike.
 * @throws DomainError `invalid_input` with one issue per field
 */
export function parseInput(schema: z.ZodType, input: unknown): unknown {
  const unfit = findUnfit(input, []);
  if (unfit !== null) throw invalid([unfit]);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(result.error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
}

function invalid(issues: Issue[]): DomainError {
  return new DomainError("invalid_input", "Some fields need attention.", { issues });
}

function findUnfit(value: unknown, path: readonly string[]): Issue | null {
  const at = path.join(".");
  if (typeof value === "string") {
    if (value.includes("\0")) return { path: at, message: "Leave out the NUL character" };
    return value.isWellFormed() ? null : { path: at, message: "Not a well-formed text (half of a surrogate pair)" };
  }
  if (typeof value !== "object" || value === null) return null;
  if (path.length >= levelsMax) return { path: at, message: `Nested deeper than ${levelsMax} levels` };
  for (const [name, member] of Object.entries(value)) {
    const found = findUnfit(name, path) ?? findUnfit(member, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}
