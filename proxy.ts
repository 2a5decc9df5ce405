import { type NextRequest, NextResponse } from "next/server";
import { env } from "#lib/platform/env.ts";
import { isOwnHost } from "#lib/sign-in/own-host.ts";

/**
 * Refuses foreign `Host` headers, and sets the content security policy with a nonce per request and the other security headers.
 * Never authorization. Whether the process lives may be asked under any name.
 * Scripts and style elements need the nonce. Style attributes stay allowed: positioned popups and the virtual rows
 * of tables carry their coordinates in `style`, and an attribute can load nothing because every other source is closed.
 */
export function proxy(request: NextRequest): NextResponse {
  if (!isOwnHost(request.headers.get("host")) && request.nextUrl.pathname !== "/health") {
    return new NextResponse(`This is Ambit at ${env().AMBIT_URL}; it answers under no other name.\n`, { status: 421 });
  }
  const nonce = btoa(crypto.randomUUID());
  // Read by its literal name because Next replaces it at build; React's development build evaluates stacks.
  const isDevelopment = process.env.NODE_ENV === "development";
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src-elem 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set("x-ambit-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (env().AMBIT_URL.startsWith("https:")) {
    response.headers.set("strict-transport-security", "max-age=31536000");
  }
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  response.headers.set("cross-origin-resource-policy", "same-origin");
  return response;
}

// Built files are the same for everybody and hold nothing; asking for each would cost a first visit more than the page.
export const config = { matcher: "/((?!_next/static|_next/image|favicon.ico|icon.svg).*)" };
