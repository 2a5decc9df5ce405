import type { IncomingMessage, ServerResponse } from "node:http";

/** Largest request body in bytes. */
export const bodyBytesMax = 4 * 1024 * 1024;

/** One POST and its answer: a JSON body, or an event stream once something has to be said before the end. */
export type Exchange = {
  /** Whether the caller reads event streams. */
  readonly acceptsStream: boolean;
  /** Sends one message before the answer; dropped when the caller reads no event stream. */
  message(text: string): void;
  /** A comment that keeps the connection alive. */
  keepAlive(): void;
  /** The answer; ends the exchange. `status` and `headers` count only while no stream was opened. */
  finish(text: string, status?: number, headers?: readonly string[]): void;
  /** Ends without a body (202, 204, 405 …), or drops an open stream. */
  end(status: number, headers?: readonly string[]): void;
  isOver(): boolean;
  /** Called once when the connection closes, after the answer or before it. */
  onClose(listener: () => void): void;
};

const noStore = ["cache-control", "no-store", "x-content-type-options", "nosniff"];
/** Headers of an event stream; the last keeps proxies from collecting it. */
export const streamHeaders = ["content-type", "text/event-stream", ...noStore, "x-accel-buffering", "no"];

export function openExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const acceptsStream = accepts(request, "text/event-stream");
  const acceptsJson = accepts(request, "application/json");
  function open(): boolean {
    if (response.writableEnded || response.destroyed || !acceptsStream) return false;
    if (!response.headersSent) response.writeHead(200, streamHeaders);
    return true;
  }
  return {
    acceptsStream,
    message(text) {
      if (open()) response.write(streamEvent(text));
    },
    keepAlive() {
      if (open()) response.write(": \n\n");
    },
    finish(text, status = 200, headers = []) {
      if (response.writableEnded || response.destroyed) return;
      // what went wrong before a stream began is told by status, also to those who read streams only
      const mustStream = !acceptsJson && acceptsStream && status === 200;
      if (mustStream && !response.headersSent) response.writeHead(200, [...streamHeaders, ...headers]);
      if (response.headersSent) {
        response.end(streamEvent(text));
        return;
      }
      const length = String(Buffer.byteLength(text));
      const own = ["content-type", "application/json", "content-length", length];
      response.writeHead(status, [...own, ...noStore, ...headers]);
      response.end(text);
    },
    end(status, headers = []) {
      if (response.writableEnded || response.destroyed) return;
      if (!response.headersSent) response.writeHead(status, [...noStore, "content-length", "0", ...headers]);
      response.end();
    },
    isOver: () => response.writableEnded || response.destroyed,
    onClose: (listener) => void response.once("close", listener),
  };
}

/** One JSON-RPC message as a server-sent event. A line break in JSON is only ever white space between tokens. */
export function streamEvent(text: string): string {
  return `event: message\ndata: ${text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]+/g, " ") : text}\n\n`;
}

/** Whether a request's Accept names a type, by itself or by a wildcard; no Accept at all takes JSON. */
export function accepts(request: IncomingMessage, type: "application/json" | "text/event-stream"): boolean {
  const accept = request.headers.accept;
  if (accept === undefined) return type === "application/json";
  return accept.includes(type) || accept.includes("*/*");
}

/** The body, or null when it is over `bodyBytesMax` (the rest is not read) or the caller left. */
export function readRequest(request: IncomingMessage): Promise<Buffer | "too_large" | "gone"> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > bodyBytesMax) return Promise.resolve("too_large");
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) {
        request.pause();
        resolve("too_large");
      } else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("close", () => resolve("gone"));
    request.on("error", () => resolve("gone"));
  });
}
