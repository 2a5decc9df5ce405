import { DomainError } from "#lib/contract/errors.ts";

const bodyBytesMax = 2 * 1024 * 1024;

/**
 * The JSON object in a request's body; an empty body is an empty object.
 * @throws DomainError `unsupported_media_type`, `body_too_large`, or `malformed_json` (I-JSON, RFC 7493: UTF-8, no name twice)
 */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readBounded(request);
  if (bytes.byteLength === 0) return {};
  if (!/^application\/json[\t ]*(?:;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new DomainError("unsupported_media_type");
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new DomainError("malformed_json", undefined, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DomainError("malformed_json", "The body has to be a JSON object.");
  }
  // A name that stands twice is lost in parsing, so the text has a member more than the value.
  if (membersInText(text) !== membersInValue(value)) {
    throw new DomainError("malformed_json", "A field stands twice in one object.");
  }
  return value as Record<string, unknown>;
}

async function readBounded(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) throw new DomainError("body_too_large", `At most ${bodyBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of valid JSON: each member has one colon outside of strings. */
function membersInText(text: string): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') inString = !inString;
    else if (character === "\\") at += 1;
    else if (character === ":" && !inString) count += 1;
  }
  return count;
}

function membersInValue(root: object): number {
  let count = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const members = Object.values(value);
    if (!Array.isArray(value)) count += members.length;
    for (const member of members) open.push(member);
  }
  return count;
}
