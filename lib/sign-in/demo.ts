import { prisma } from "#lib/db/client.ts";
import { demoPeople, demoToken } from "#lib/domain/people/sign-in.ts";
import { env } from "#lib/platform/env.ts";
import { isLoopback, isLoopbackHost } from "#lib/sign-in/own-host.ts";

/** Demo sign-ins need both: a deployment started as demo, and one that only its own machine can reach. */
export function isDemoHost(): boolean {
  const { AMBIT_DEMO, AMBIT_HOST, AMBIT_URL } = env();
  return AMBIT_DEMO === "1" && isLoopback(AMBIT_HOST) && isLoopback(new URL(AMBIT_URL).hostname);
}

/** The demo people to choose from on the sign-in page; none elsewhere. */
export async function demoSignIns(): Promise<{ subject: string; name: string }[]> {
  return isDemoHost() ? demoPeople(prisma()) : [];
}

/**
 * `ambit login --demo`: a marked token for a demo person. A page in a browser cannot ask for one: the host must be a loopback
 * name, no `Origin` may be set, and the body must be JSON.
 */
export async function demoTokenResponse(request: Request): Promise<Response> {
  const allowed =
    isDemoHost() &&
    isLoopbackHost(request.headers.get("host")) &&
    request.headers.get("origin") === null &&
    request.headers.get("sec-fetch-site") === null;
  if (!allowed || request.headers.get("content-type") !== "application/json")
    return new Response("Not found", { status: 404 });
  const body: unknown = await request.json().catch(() => null);
  const person = typeof body === "object" && body !== null && "person" in body ? body.person : null;
  const made = typeof person === "string" ? await demoToken(person) : null;
  if (made === null) return Response.json({ error: "No such demo person" }, { status: 404 });
  return Response.json({ token: made.secret, name: made.name }, { headers: { "cache-control": "no-store" } });
}
