import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import { createFixtureServer } from "#tests/conformance/fixture-server.ts";
import { createSessions } from "#tests/conformance/fixture-sessions.ts";

/**
 * A real MCP server on loopback with everything that the conformance suite asks for. Prints its port.
 * Argument: `both` (default), `legacy` (sessions, 2025-11-25) or `modern` (stateless, 2026-07-28).
 */
const [mode = "both"] = process.argv.slice(2);
const sessions = createSessions();
const modern = createMcpHandler(
  () =>
    createFixtureServer((list) => {
      if (list === "tools") modern.notify.toolsChanged();
      else modern.notify.promptsChanged();
    }),
  { legacy: "reject" },
);

async function answer(request: Request): Promise<Response> {
  const refused =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (refused !== undefined) return refused;
  const isLegacy = mode === "legacy" || (mode === "both" && (await isLegacyRequest(request)));
  return isLegacy ? sessions(request) : modern.fetch(request);
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const { method = "GET", url = "/", headers } = incoming;
  const body = method === "POST" ? { body: new Uint8Array(await buffer(incoming)) } : {};
  const request = new Request(`http://localhost${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    signal: gone.signal,
    ...body,
  });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  const reader = response.body?.getReader();
  gone.signal.addEventListener("abort", () => void reader?.cancel().catch(() => undefined));
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read())
    outgoing.write(part.value);
  outgoing.end();
}

const server = createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
