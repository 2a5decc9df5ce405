import { DomainError } from "#lib/contract/errors.ts";
import { operations } from "#lib/contract/index.ts";
import { execute } from "#lib/domain/execute.ts";
import { authenticate, type ReadSession } from "#lib/http/authenticate.ts";
import { refuseCrossSite } from "#lib/http/csrf.ts";
import { matchOperation } from "#lib/http/match.ts";
import { problem } from "#lib/http/problem.ts";
import { env } from "#lib/platform/env.ts";
import { newId } from "#lib/platform/id.ts";

const bodyBytesMax = 2 * 1024 * 1024;
const base = "/api/v1";

/** The whole REST API: match → authenticate → refuse cross-site → read → execute → JSON, or problem details. */
export async function dispatch(request: Request, readSession: ReadSession): Promise<Response> {
  const requestId = newId("rqt");
  try {
    const url = new URL(request.url);
    const found = matchOperation(request.method, url.pathname.slice(base.length));
    if (found === null) throw new DomainError("not_found", "There is no such resource; see /api/v1/openapi.json.");
    if (found === "method_not_allowed") throw new DomainError("method_not_allowed");
    const caller = await authenticate(request, readSession);
    const operation = operations[found.id];
    let sent: Record<string, unknown> = Object.fromEntries(url.searchParams);
    if (operation.kind === "mutation") {
      refuseCrossSite(request, env().AMBIT_URL);
      sent = await readJson(request);
    }
    const idempotencyKey = request.headers.get("idempotency-key")?.slice(0, 200) ?? undefined;
    const output = await execute(found.id, { ...sent, ...found.fields }, { caller, requestId, idempotencyKey });
    return Response.json(output, { headers: { "cache-control": "no-store", "x-request-id": requestId } });
  } catch (error) {
    return problem(error, requestId);
  }
}

async function readJson(request: Request): Promise<Record<string, unknown>> {
  const text = await readBounded(request);
  if (text === "") return {};
  if (!(request.headers.get("content-type") ?? "").startsWith("application/json")) {
    throw new DomainError("unsupported_media_type");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DomainError("malformed_json", undefined, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DomainError("malformed_json", "The body has to be a JSON object.");
  }
  return value as Record<string, unknown>;
}

async function readBounded(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) throw new DomainError("body_too_large", `At most ${bodyBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
