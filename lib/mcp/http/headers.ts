type HeaderValue = string | string[] | undefined;

/** What requests repeat of a legacy session: both null before `initialize` was answered. The stateless era has a version only. */
export type SessionState = { sessionId: string | null; protocolVersion: string | null };

/** Headers that only the transport may set; a credential that names one of them is ignored. */
const ownHeaders = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "host",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The headers that messages in Streamable HTTP have in either era: credential, session, version, and what we accept. */
export function messageHeaders(
  session: SessionState,
  credential: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(credential)) {
    const lower = name.toLowerCase();
    if (!ownHeaders.has(lower) && !lower.startsWith("mcp-param-")) headers[lower] = value;
  }
  headers["content-type"] = "application/json";
  headers.accept = "application/json, text/event-stream";
  if (session.sessionId !== null) headers["mcp-session-id"] = session.sessionId;
  if (session.protocolVersion !== null) headers["mcp-protocol-version"] = session.protocolVersion;
  return headers;
}

/** What a response's body is, by its content type; null for anything that MCP does not use. */
export function bodyKind(contentType: HeaderValue): "json" | "sse" | null {
  const mime = (one(contentType) ?? "").split(";", 1)[0]?.trim().toLowerCase();
  return mime === "application/json" ? "json" : mime === "text/event-stream" ? "sse" : null;
}

/** A session id that may be repeated to the server: visible ASCII of bounded length. Null when absent; undefined when malformed. */
export function readSessionId(header: HeaderValue): string | null | undefined {
  const value = one(header);
  if (value === undefined) return null;
  return /^[\x21-\x7e]{1,1024}$/.test(value) ? value : undefined;
}

/** The scheme of a `WWW-Authenticate` challenge in lower case (RFC 9110, section 11.6.1), or null. Its parameters are not kept. */
export function challengeScheme(header: HeaderValue): string | null {
  return /^[a-z][a-z0-9-]{0,31}(?=\s|$)/.exec((one(header) ?? "").trim().toLowerCase())?.[0] ?? null;
}

function one(header: HeaderValue): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
