import { streamTicks } from "#lib/http/stream.ts";
import { readSession } from "#lib/sign-in/session.ts";

export const GET = (request: Request) => streamTicks(request, readSession);
