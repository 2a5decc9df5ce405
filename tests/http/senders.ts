import { encode } from "next-auth/jwt";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { tokenHash } from "#lib/domain/people/tokens.ts";
import { dispatch } from "#lib/http/dispatch.ts";
import { env } from "#lib/platform/env.ts";
import { newId } from "#lib/platform/id.ts";
import { readSession, sessionCookie, sessionSecret } from "#lib/sign-in/session.ts";
import { asOwner } from "#tests/support/people.ts";

/** Settings of a process that serves the API in tests. */
export const apiSettings = { NEXTAUTH_SECRET: "s".repeat(40), AMBIT_URL: "http://127.0.0.1:3210" };

/** Headers that say who sends a request. */
export type Sender = Record<string, string>;

/** The console's cookie of a person who signed in so many seconds ago (null: the provider did not say), sent from its own page. */
export async function session(personId: string, ageSeconds: number | null = 30): Promise<Sender> {
  const sid = newId("ses");
  await asOwner(env().DATABASE_URL ?? "", [personId], async (client) => {
    await client.query(
      `insert into user_session (id, user_id, signed_in_at, expires_at)
       values ($1, $2, now() - make_interval(secs => $3), now() + interval '8 hours')`,
      [sid, personId, ageSeconds],
    );
  });
  const cookie = await encode({ token: { sid }, secret: sessionSecret() });
  return { cookie: `${sessionCookie().name}=${cookie}`, origin: env().AMBIT_URL, "sec-fetch-site": "same-origin" };
}

/** An access token of a person, written by the owner around the rules, so that it can be expired, revoked or short of scopes. */
export async function bearer(
  ownerUrl: string,
  personId: string,
  change: { scopes?: string[]; seconds?: number; revoked?: boolean; demo?: boolean } = {},
): Promise<Sender> {
  const secret = `ambit_pat_${newId("t")}`;
  const { scopes = ["*"], seconds = 3_600, revoked = false, demo = false } = change;
  const id = newId("tok");
  await asOwner(ownerUrl, [id], async (client) => {
    await client.query(
      `insert into access_token (id, user_id, name, hash, scopes, demo, expires_at, revoked_at)
       values ($1, $2, 'test', $3, $4, $5, now() + make_interval(secs => $6), case when $7 then now() end)`,
      [id, personId, tokenHash(secret), scopes, demo, seconds, revoked],
    );
  });
  return { authorization: `Bearer ${secret}` };
}

/** The request of an operation, its input spread over path, query string and body as the contract says. */
export function requestOf(id: OperationId, input: Record<string, unknown>, headers: Sender = {}): Request {
  const { path, method, kind } = operations[id];
  const rest = { ...input };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return kind === "query"
    ? raw(method, `${filled}${search.size === 0 ? "" : `?${search}`}`, headers)
    : raw(method, filled, { "content-type": "application/json", ...headers }, JSON.stringify(rest));
}

/** Any request, right or wrong. @param path below `/api/v1` */
export function raw(
  method: string,
  path: string,
  headers: Sender = {},
  body?: string | Uint8Array<ArrayBuffer>,
): Request {
  return new Request(`${env().AMBIT_URL}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

export type Answer = { status: number; code: string | undefined; body: Record<string, unknown>; headers: Headers };

/** What the API answers. */
export async function send(request: Request): Promise<Answer> {
  const response = await dispatch(request, readSession);
  const body = (await response.json()) as Record<string, unknown>;
  const code = response.ok ? undefined : String(body.code);
  return { status: response.status, code, body, headers: response.headers };
}
