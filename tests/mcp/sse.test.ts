import fc from "fast-check";
import { expect, test } from "vitest";
import { createSseParser, type SseEvent } from "#lib/mcp/http/sse.ts";

const stream =
  '\ufeff: hello\r\n\r\nevent: message\r\nid: 7\r\ndata: {"a":1}\r\n\r\ndata: one\ndata:two\rdata\n\nevent: ping\n\nretry: 5\ndata: é\n\n';

function read(chunks: readonly Buffer[], cap = 1_000) {
  const parser = createSseParser(cap);
  const events: SseEvent[] = [];
  for (const chunk of chunks) {
    const found = parser.push(chunk);
    if (found === null) return null;
    events.push(...found);
  }
  return events.map(({ event, data, id }) => ({ event, data: data.toString(), id }));
}

const expected = [
  { event: "message", data: '{"a":1}', id: "7" },
  { event: "message", data: "one\ntwo\n", id: "7" },
  { event: "message", data: "é", id: "7" },
];

test("comments, all line ends, several data lines and events without data are read as the standard says", () => {
  expect(read([Buffer.from(stream)])).toEqual(expected);
});

test("the same events come out wherever the stream is cut", () => {
  const bytes = Buffer.from(stream);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      expect(read(chunks)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("an event beyond the cap ends the stream, with or without line ends", () => {
  expect(read([Buffer.from(`data: ${"x".repeat(990)}\n\n`)])).toHaveLength(1);
  expect(read([Buffer.from(`data: ${"x".repeat(1_001)}\n\n`)])).toBeNull();
  expect(read(Array.from({ length: 11 }, () => Buffer.from("x".repeat(100))))).toBeNull();
  expect(read(Array.from({ length: 100 }, () => Buffer.from("data: 12345\n")))).toBeNull();
});

test("many small events do not add up to the cap of one", () => {
  expect(read(Array.from({ length: 500 }, () => Buffer.from("data: 12345\n\n")))).toHaveLength(500);
});
