import { download } from "#lib/http/download.ts";
import { readSession } from "#lib/sign-in/session.ts";

export async function GET(request: Request, { params }: { params: Promise<{ packId: string }> }) {
  return download(request, readSession, (await params).packId);
}
