import { databaseAnswers } from "#lib/domain/health.ts";

/** 200 only when the database answers; 503 otherwise. */
export async function health(): Promise<Response> {
  const ok = await databaseAnswers();
  return Response.json(ok ? { status: "ok" } : { status: "unavailable", reason: "The database does not answer" }, {
    status: ok ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
