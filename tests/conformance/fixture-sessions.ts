import { randomUUID } from "node:crypto";
import { type JSONRPCMessage, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { createFixtureServer } from "#tests/conformance/fixture-server.ts";

/** Serves the era of sessions: one server and one transport per session, streams that can be resumed. */
export function createSessions(): (request: Request) => Promise<Response> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();

  return async (request) => {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = sessions.get(id);
      if (session !== undefined) return session.handleRequest(request);
      const error = { code: -32001, message: "Session not found" };
      return Response.json({ jsonrpc: "2.0", id: null, error }, { status: 404 });
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (started) => void sessions.set(started, transport),
      onsessionclosed: (ended) => void sessions.delete(ended),
      eventStore: createEventStore(),
      retryInterval: 500,
    });
    await createFixtureServer().connect(transport);
    return transport.handleRequest(request);
  };
}

/** What streams of one session carried, for resumption. */
function createEventStore() {
  const events: { streamId: string; message: JSONRPCMessage }[] = [];
  return {
    async storeEvent(streamId: string, message: JSONRPCMessage) {
      return String(events.push({ streamId, message }));
    },
    async getStreamIdForEventId(eventId: string) {
      return events[Number(eventId) - 1]?.streamId;
    },
    async replayEventsAfter(
      lastEventId: string,
      { send }: { send(eventId: string, message: JSONRPCMessage): Promise<void> },
    ) {
      const streamId = events[Number(lastEventId) - 1]?.streamId ?? "";
      for (const [index, event] of events.entries())
        if (index >= Number(lastEventId) && event.streamId === streamId) await send(String(index + 1), event.message);
      return streamId;
    },
  };
}
