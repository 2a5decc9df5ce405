import { dispatch } from "#lib/http/dispatch.ts";
import { readSession } from "#lib/sign-in/session.ts";

const handle = (request: Request) => dispatch(request, readSession);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
