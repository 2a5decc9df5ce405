import { DomainError, errors, type Problem } from "#lib/contract/errors.ts";
import { fromDatabase } from "#lib/domain/database-errors.ts";
import { logger } from "#lib/platform/logger.ts";

/**
 * Any error as RFC 9457 problem details. Internal text and causes stay in the log, where each error stands once.
 * @param headers further headers that the answer needs, such as `allow`
 */
export function problem(error: unknown, requestId: string, headers: Record<string, string> = {}): Response {
  const mapped = fromDatabase(error);
  const known = mapped instanceof DomainError ? mapped : new DomainError("internal", undefined, { cause: error });
  const { status, title } = errors[known.code];
  const line = { requestId, code: known.code, ...(status >= 500 ? { err: known.cause ?? known } : {}) };
  if (status >= 500) logger().error(line, "request failed");
  else logger().debug(line, "request refused");
  const body: Problem = {
    type: `urn:ambit:error:${known.code}`,
    title,
    status,
    code: known.code,
    ...(known.detail === undefined ? {} : { detail: known.detail }),
    requestId,
    ...(known.issues === undefined ? {} : { issues: known.issues }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headers,
      // RFC 9110, section 11.6.1: every 401 names how to authenticate.
      ...(status === 401 ? { "www-authenticate": 'Bearer realm="ambit"' } : {}),
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-request-id": requestId,
    },
  });
}
