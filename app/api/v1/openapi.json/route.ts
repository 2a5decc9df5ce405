import { openapi } from "#lib/http/openapi.ts";
import { env } from "#lib/platform/env.ts";

export const dynamic = "force-dynamic";

export function GET() {
  return Response.json(openapi(env().AMBIT_URL));
}
