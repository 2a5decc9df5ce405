import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { downloadPack } from "#lib/domain/evidence/download.ts";
import { authenticate, type ReadSession } from "#lib/http/authenticate.ts";
import { problem } from "#lib/http/problem.ts";
import { newId } from "#lib/platform/id.ts";

/** The bytes of an evidence pack. `repr-digest` (RFC 9530) is their SHA-256. */
export async function download(request: Request, readSession: ReadSession, packId: string): Promise<Response> {
  const requestId = newId("rqt");
  try {
    const caller = await authenticate(request, readSession);
    const { path, bytes, sha256 } = await downloadPack(packId, caller, requestId);
    const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    return new Response(body, {
      headers: {
        "content-type": "application/zip",
        "content-length": String(bytes),
        "content-disposition": `attachment; filename="ambit-evidence-${packId}.zip"`,
        "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
        "cache-control": "no-store",
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problem(error, requestId);
  }
}
