import { DomainError } from "#lib/contract/errors.ts";
import type { Caller } from "#lib/core/permit.ts";
import { tokenCaller } from "#lib/domain/people/caller.ts";

/** Reads the session behind a request's cookies; given by the application, so that the API does not depend on the sign-in library. */
export type ReadSession = (cookie: (name: string) => string | undefined) => Promise<Caller | null>;

/**
 * Who sends a request: the holder of an access token, or a person by session cookie, never both at once.
 * @throws DomainError `not_signed_in`, `token_invalid`, or `invalid_input` when it carries both
 */
export async function authenticate(request: Request, readSession: ReadSession): Promise<Caller> {
  const authorization = request.headers.get("authorization");
  const cookies = parseCookies(request.headers.get("cookie") ?? "");
  if (authorization !== null) {
    if ([...cookies.keys()].some((name) => name.includes("ambit-session"))) {
      throw new DomainError("invalid_input", "Send either a session cookie or an access token, not both.");
    }
    const [, secret] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    const caller = secret === undefined ? null : await tokenCaller(secret);
    if (caller === null)
      throw new DomainError("token_invalid", "It is unknown, expired or revoked. Create a new one in Settings.");
    return caller;
  }
  const caller = await readSession((name) => cookies.get(name));
  if (caller === null) throw new DomainError("not_signed_in");
  return caller;
}

function parseCookies(header: string): Map<string, string> {
  return new Map(
    header.split(";").flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
    }),
  );
}
