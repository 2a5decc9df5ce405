import { env } from "#lib/platform/env.ts";

/**
 * Whether a request's `Host` header names this console: the host of AMBIT_URL, or, when only this machine reaches it, a loopback
 * name with its own port. A page whose name was pointed here (DNS rebinding) sends its own name.
 */
export function isOwnHost(header: string | null): boolean {
  const { AMBIT_URL, AMBIT_HOST, PORT } = env();
  const own = new URL(AMBIT_URL);
  const asked = URL.parse(`${own.protocol}//${header ?? ""}`);
  if (asked === null) return false;
  if (asked.host === own.host) return true;
  return isLoopback(AMBIT_HOST) && isLoopback(asked.hostname) && asked.port === String(PORT);
}

/** Whether a `Host` header names this machine. */
export function isLoopbackHost(header: string | null | undefined): boolean {
  const url = URL.parse(`http://${header ?? ""}`);
  return url !== null && isLoopback(url.hostname);
}

/** Whether an address or name is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[?::1\]?)$/.test(host);
}
