import { readHealth } from "#lib/domain/health.ts";

/** 503 only when the database does not answer: a log that is behind is degraded, and nothing gets better by a restart. */
export async function health(): Promise<Response> {
  const state = await readHealth();
  return Response.json(state, {
    status: state.status === "unavailable" ? 503 : 200,
    headers: { "cache-control": "no-store" },
  });
}
