import type { ErrorCode, Problem } from "#lib/contract/errors.ts";
import { type InputOf, type OperationId, type OutputOf, operations } from "#lib/contract/index.ts";

/** Where the API is and who asks: nothing for the console (cookies), an address and a token for the command line. */
export type Target = { baseUrl?: string; token?: string };

/** An error answer of the API. `code` selects the message; `detail` says what to do. */
export class ApiError extends Error {
  readonly code: ErrorCode | "network";
  readonly status: number;
  readonly problem: Problem | null;

  constructor(code: ErrorCode | "network", status: number, problem: Problem | null, message: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Calls one operation over REST.
 * @param idempotencyKey makes a repeated create answer the same instead of creating twice
 * @throws ApiError
 */
export async function call<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  { baseUrl = "", token, idempotencyKey, signal }: Target & { idempotencyKey?: string; signal?: AbortSignal } = {},
): Promise<OutputOf<Id>> {
  const { method, path, kind } = operations[id];
  const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const search = kind === "query" ? searchOf(rest) : "";
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/api/v1${filled}${search}`, {
      method,
      headers: {
        accept: "application/json",
        ...(kind === "mutation" ? { "content-type": "application/json" } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      ...(kind === "mutation" ? { body: JSON.stringify(rest) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const where = baseUrl === "" ? "Ambit" : `Ambit at ${baseUrl}`;
    throw new ApiError("network", 0, null, `${where} does not answer. Check the connection and try again.`);
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as OutputOf<Id>;
  const problem = isProblem(body) ? body : null;
  throw new ApiError(
    problem?.code ?? "internal",
    response.status,
    problem,
    problem?.detail ?? problem?.title ?? `HTTP ${response.status}`,
  );
}

function searchOf(fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return search === "" ? "" : `?${search}`;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}
