import { DomainError, type ErrorCode } from "#lib/contract/errors.ts";

const unfit = "A value does not have the form that its field needs.";

/** What PostgreSQL refuses on its own (prisma/migrations), by SQLSTATE. */
const refusals: Record<string, { code: ErrorCode; detail?: string }> = {
  AM002: { code: "not_approved" },
  AM003: { code: "not_eligible" },
  AM004: { code: "conflict" },
  AM005: { code: "second_person_required" },
  AM006: { code: "invalid_transition" },
  AM008: { code: "already_exists", detail: "This approval gave its grant already. Request a new one." },
  AM007: { code: "not_approved", detail: "No approved request covers this grant." },
  "23505": { code: "already_exists" },
  // Class 22: what was sent does not fit its type, such as a cursor that somebody edited.
  "22003": { code: "invalid_input", detail: unfit },
  "22007": { code: "invalid_input", detail: unfit },
  "22008": { code: "invalid_input", detail: unfit },
  "22021": { code: "invalid_input", detail: unfit },
  "22P02": { code: "invalid_input", detail: unfit },
  "40001": { code: "conflict" },
  "40P01": { code: "conflict" },
};

const lost = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "57014",
  "57P01",
  "57P02",
  "57P03",
  "08006",
  "08001",
  "P1001",
  "P1017",
  "P2024",
  "P2028",
]);

/** pg says these without a code. */
const lostWords =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Maps an error of the database, wherever in the cause chain it is, to the one error table; anything else passes as it is. */
export function fromDatabase(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  for (const code of codesOf(error, 0)) {
    const refusal = refusals[code];
    if (refusal !== undefined) return new DomainError(refusal.code, refusal.detail, { cause: error });
    if (lost.has(code)) return new DomainError("unavailable", undefined, { cause: error });
  }
  return error;
}

/** Error codes, outermost first: `code`, and where Prisma's adapter keeps PostgreSQL's. */
function codesOf(error: unknown, depth: number): string[] {
  if (typeof error !== "object" || error === null || depth > 6) return [];
  const { code, originalCode, cause, meta, kind, message } = error as Record<string, unknown>;
  const own = [originalCode, code].filter((value) => typeof value === "string");
  if (kind === "UniqueConstraintViolation" || code === "P2002") own.push("23505");
  if (kind === "DatabaseNotReachable" || kind === "ConnectionClosed" || kind === "SocketTimeout")
    own.push("ECONNREFUSED");
  if (typeof message === "string" && lostWords.test(message)) own.push("ECONNRESET");
  const nested =
    typeof meta === "object" && meta !== null ? (meta as Record<string, unknown>).driverAdapterError : undefined;
  return [...codesOf(nested, depth + 1), ...codesOf(cause, depth + 1), ...own];
}
