import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerFor, findValue, outgoing, progressFor } from "#lib/mcp/hop.ts";
import { parseMessage } from "#lib/mcp/json-rpc.ts";

const bytesMax = 100_000;

it("finds the value at any path of any JSON object", () => {
  const path = fc.array(fc.string(), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      path,
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(0, 2),
      (names, value, others, indent) => {
        const nested = names.reduceRight<unknown>((inner, name) => ({ ...others, [name]: inner }), value);
        const text = JSON.stringify(nested, null, indent);
        const span = findValue(text, names);
        if (!span) throw new Error("not found");
        expect(JSON.parse(text.slice(span.start, span.end))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
});

it("finds nothing where a part of the path is absent or no object", () => {
  for (const text of ["{}", '{"a":1}', '{"a":{"c":1}}', '[{"a":{"b":1}}]', '{"x":{"a":{"b":1}}}']) {
    expect(findValue(text, ["a", "b"])).toBeNull();
  }
});

describe("an answer on its way back", () => {
  const orders = [
    (id: number, result: string) => `{"jsonrpc":"2.0","id":${id},"result":${result}}`,
    (id: number, result: string) => `{"result":${result},"jsonrpc":"2.0","id":${id}}`,
    (id: number, result: string) => ` { "result" : ${result}, "id" : ${id}, "jsonrpc":"2.0" }`,
    (id: number, result: string) => `{"id":${id},"result":${result},"jsonrpc":"2.0"}`,
  ];
  const value = fc.dictionary(fc.constantFrom("id", "jsonrpc", "x"), fc.jsonValue());

  it("carries the caller's id and is otherwise as the server wrote it, wherever the id stands", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...orders),
        fc.nat(99),
        value,
        fc.oneof(fc.string({ unit: "grapheme" }), fc.integer()),
        (write, id, result, callerId) => {
          const text = write(id, JSON.stringify(result));
          const message = parseMessage(Buffer.from(text), bytesMax);
          if (message.kind === "invalid") return;
          if (message.kind !== "response") throw new Error(text);
          const back = answerFor(message, callerId);
          expect(JSON.parse(back)).toEqual({ ...JSON.parse(text), id: callerId });
          expect(back.length - JSON.stringify(callerId).length).toBe(text.length - String(id).length);
        },
      ),
    );
  });
});

it("gives a request an id of ours, also as its progress token, and keeps the rest", () => {
  const params = { name: "a", _meta: { progressToken: "mine", trace: { a: 1 } } };
  const { text, callerToken } = outgoing({ id: "x", method: "tools/call", params }, 7);
  expect(JSON.parse(text)).toEqual({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: { name: "a", _meta: { progressToken: 7, trace: { a: 1 } } },
  });
  expect(callerToken).toBe('"mine"');
  expect(outgoing({ id: "x", method: "ping", params: undefined }, 8)).toEqual({
    text: '{"jsonrpc":"2.0","id":8,"method":"ping"}',
    callerToken: null,
  });
});

it("gives progress the caller's own token", () => {
  const text = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":0.50,"progressToken":7}}';
  const note = parseMessage(Buffer.from(text), bytesMax);
  if (note.kind !== "notification") throw new Error(text);
  expect(progressFor(note, '"mine"')).toBe(text.replace(":7}", ':"mine"}'));
});
