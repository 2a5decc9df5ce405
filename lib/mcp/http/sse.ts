/** One server-sent event. `data` is the joined data lines as bytes, ready for `parseMessage`. */
export type SseEvent = { event: string; data: Buffer; id: string | null };

/** Reads an event stream chunk by chunk. */
export type SseParser = {
  /** The events that this chunk completes, or null once an event exceeds the cap (the stream must then be dropped). */
  push(chunk: Buffer): SseEvent[] | null;
};

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * An incremental parser of `text/event-stream` (WHATWG HTML, section 9.2.6) on bytes: LF, CR and CRLF line ends, comments, several data lines.
 * @param eventBytesMax the largest event, its field names included; memory never exceeds about twice that
 */
export function createSseParser(eventBytesMax: number): SseParser {
  let partial: Buffer[] = [];
  let eventBytes = 0;
  let skipLineFeed = false;
  let first = true;
  let event = "";
  let id: string | null = null;
  let data: Buffer[] = [];

  function takeLine(line: Buffer, events: SseEvent[]): void {
    if (line.length === 0) {
      if (data.length > 0) events.push({ event: event || "message", data: joinLines(data), id });
      event = "";
      data = [];
      eventBytes = 0;
      return;
    }
    const colon = line.indexOf(0x3a);
    const field = line.toString("utf8", 0, colon === -1 ? line.length : colon);
    const start = colon === -1 ? line.length : line[colon + 1] === 0x20 ? colon + 2 : colon + 1;
    const value = line.subarray(start);
    if (field === "data") data.push(value);
    else if (field === "event") event = value.toString("utf8");
    else if (field === "id" && !value.includes(0)) id = value.toString("utf8");
  }

  return {
    push(input) {
      let chunk = input;
      const events: SseEvent[] = [];
      if (skipLineFeed && chunk[0] === lineFeed) chunk = chunk.subarray(1);
      if (chunk.length > 0) skipLineFeed = false;
      let start = 0;
      while (start < chunk.length) {
        const end = lineEnd(chunk, start);
        const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
        eventBytes += piece.length;
        if (eventBytes > eventBytesMax) return null;
        if (end === -1) {
          // Copied, because the network may reuse the memory of a chunk.
          partial.push(Buffer.from(piece));
          break;
        }
        let line = partial.length === 0 ? Buffer.from(piece) : Buffer.concat([...partial, piece]);
        partial = [];
        if (first && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
        first = false;
        takeLine(line, events);
        start = end + 1;
        if (chunk[end] === carriageReturn) {
          if (start === chunk.length) skipLineFeed = true;
          else if (chunk[start] === lineFeed) start += 1;
        }
      }
      return events;
    },
  };
}

function lineEnd(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(lineFeed, from);
  const cr = chunk.subarray(from, lf === -1 ? chunk.length : lf).indexOf(carriageReturn);
  return cr === -1 ? lf : from + cr;
}

function joinLines(lines: readonly Buffer[]): Buffer {
  const [only] = lines;
  if (lines.length === 1 && only) return only;
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from("\n"), line])));
}
