import { DomainError } from "#lib/contract/errors.ts";

/**
 * Refuses changes that another site makes a browser send (OWASP CSRF, fetch metadata): a cookie alone is not enough.
 * @param ownUrl the console's public address
 * @throws DomainError `csrf_refused`
 */
export function refuseCrossSite(request: Request, ownUrl: string): void {
  if (request.headers.has("authorization")) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const sameOrigin = site === null ? origin === new URL(ownUrl).origin : site === "same-origin";
  if (!sameOrigin || (origin !== null && origin !== new URL(ownUrl).origin)) {
    throw new DomainError("csrf_refused", `Open the console at ${new URL(ownUrl).origin} and try again there.`);
  }
}
