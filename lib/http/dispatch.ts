import { DomainError } from "#lib/contract/errors.ts";
import { operations } from "#lib/contract/index.ts";
import { execute } from "#lib/domain/execute.ts";
import { authenticate, type ReadSession } from "#lib/http/authenticate.ts";
import { refuseCrossSite } from "#lib/http/csrf.ts";
import { matchOperation } from "#lib/http/match.ts";
import { problem } from "#lib/http/problem.ts";
import { readJson } from "#lib/http/read-json.ts";
import { env } from "#lib/platform/env.ts";
import { newId } from "#lib/platform/id.ts";

const base = "/api/v1";

/** The whole REST API: match → authenticate → refuse cross-site → read → execute → JSON, or problem details. */
export async function dispatch(request: Request, readSession: ReadSession): Promise<Response> {
  const requestId = newId("rqt");
  try {
    const url = new URL(request.url);
    const found = matchOperation(request.method, url.pathname.slice(base.length));
    if (found === null) throw new DomainError("not_found", "There is no such resource; see /api/v1/openapi.json.");
    if ("allow" in found) return problem(new DomainError("method_not_allowed"), requestId, { allow: found.allow });
    const caller = await authenticate(request, readSession);
    const isMutation = operations[found.id].kind === "mutation";
    if (isMutation) refuseCrossSite(request, env().AMBIT_URL);
    const body = isMutation ? await readJson(request) : {};
    const input = merge(found.fields, url.searchParams, body, isMutation);
    const call = { caller, requestId, idempotencyKey: isMutation ? idempotencyKeyOf(request) : undefined };
    const output = await execute(found.id, input, call);
    return Response.json(output, { headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problem(error, requestId);
  }
}

/** Path, query string and body as one input. Each field has one place: what stands twice, or where nobody reads it, is refused. */
function merge(
  fields: Record<string, string>,
  search: URLSearchParams,
  body: Record<string, unknown>,
  isMutation: boolean,
): Record<string, unknown> {
  const names = [...search.keys()];
  const misplaced = isMutation
    ? [...names, ...Object.keys(body).filter((name) => Object.hasOwn(fields, name))]
    : names.filter((name, at) => names.indexOf(name) !== at || Object.hasOwn(fields, name));
  if (misplaced.length > 0) {
    const issues = [...new Set(misplaced)].map((path) => ({ path, message: "Give it once, in its own place" }));
    throw new DomainError("invalid_input", "A field stands twice or in the wrong place.", { issues });
  }
  return { ...Object.fromEntries(search), ...body, ...fields };
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new DomainError("invalid_input", "An Idempotency-Key has 1 to 200 printable characters without spaces.");
}
