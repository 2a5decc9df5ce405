import { decode } from "next-auth/jwt";
import type { Caller } from "#lib/core/permit.ts";
import { sessionCaller } from "#lib/domain/people/caller.ts";
import { env } from "#lib/platform/env.ts";

/** A person behind a session. */
export type SignedIn = Caller & { name: string };

/** The session cookie's name: `__Host-` over https, and of its own for each port, so that instances side by side do not share it. */
export function sessionCookie(): { name: string; secure: boolean } {
  const url = new URL(env().AMBIT_URL);
  const secure = url.protocol === "https:";
  return { name: secure ? "__Host-ambit-session" : `ambit-session-${url.port || "80"}`, secure };
}

/** The secret that session cookies are encrypted with. @throws Error when the setting is missing */
export function sessionSecret(): string {
  const secret = env().NEXTAUTH_SECRET;
  if (secret === undefined) throw new Error("NEXTAUTH_SECRET is not set");
  return secret;
}

/** Reads a cookie's value by its name. */
export type ReadCookie = (name: string) => string | undefined;

/** Who a session cookie speaks for: nobody once the session ended, and with status and roles as of now. */
export async function readSession(read: ReadCookie): Promise<SignedIn | null> {
  const id = await sessionId(read);
  return id === null ? null : sessionCaller(id);
}

/** The session that a cookie names, whether or not it lasts; null for a cookie that is not ours. */
export async function sessionId(read: ReadCookie): Promise<string | null> {
  const token = read(sessionCookie().name);
  if (token === undefined) return null;
  const claims = await decode({ token, secret: sessionSecret() }).catch(() => null);
  return typeof claims?.sid === "string" ? claims.sid : null;
}
