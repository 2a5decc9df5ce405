import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorText, notificationText, parseMessage, requestText, resultText } from "#lib/mcp/json-rpc.ts";

const cap = 1024 * 1024;
const parse = (text: string | Buffer) => parseMessage(Buffer.from(text), cap);
const request = (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;

describe("well-formed messages", () => {
  test("a request, a notification and a response are told apart and keep their text", () => {
    const raw = Buffer.from(request('{"name":"echo"}'));
    expect(parseMessage(raw, cap)).toEqual({
      kind: "request",
      id: 1,
      method: "tools/call",
      params: { name: "echo" },
      text: raw.toString(),
      bytes: raw.length,
    });
    expect(parse('{"jsonrpc":"2.0","method":"notifications/initialized"}')).toMatchObject({ kind: "notification" });
    expect(parse('{"jsonrpc":"2.0","id":"a","result":{"x":1}}')).toMatchObject({
      kind: "response",
      answer: { result: { x: 1 } },
    });
    expect(parse('{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}}')).toMatchObject({
      kind: "response",
      id: null,
    });
  });

  test("whatever the builders write is read back", () => {
    expect(parse(requestText("a", "m", { x: ':{}"\\' }))).toMatchObject({ kind: "request", params: { x: ':{}"\\' } });
    expect(parse(notificationText("m"))).toMatchObject({ kind: "notification", params: undefined });
    expect(parse(resultText(3, { ok: true }))).toMatchObject({ kind: "response", id: 3 });
    expect(parse(errorText(null, -32700, "no"))).toMatchObject({ kind: "response", id: null });
  });

  test("any JSON without repeated members is accepted, however its strings look", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const unsafe = /-?\d{16,}|e\+?\d{2,}/i.test(text) || text.includes("\\u0000");
        fc.pre(!unsafe && text.isWellFormed());
        expect(parse(request(`{"value":${text}}`)).kind).toBe("request");
      }),
      { numRuns: 300 },
    );
  });
});

describe("rejected messages", () => {
  test.each([
    ["duplicate member at the top", '{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', -32700],
    ["duplicate member deep inside", request('{"arguments":[{"a":{"b":1,"c":2,"b":3}}]}'), -32700],
    ["duplicate written with an escape", request('{"name":"x","n\\u0061me":"y"}'), -32700],
    ["duplicate __proto__", request('{"__proto__":1,"__proto__":2}'), -32700],
    ["colons in strings do not hide a duplicate", request('{"a":"\\":::\\\\","a":":"}'), -32700],
    ["batch", `[${request("{}")}]`, -32600],
    ["not JSON", "{", -32700],
    ["byte order mark", `\ufeff${request("{}")}`, -32700],
    ["lone surrogate", request('{"x":"\\ud800"}'), -32700],
    ["NUL in a value", request('{"x":"\\u0000"}'), -32600],
    ["unsafe integer", request('{"x":9007199254740993}'), -32600],
    ["number out of range", request('{"x":1e999}'), -32700],
    ["null id", '{"jsonrpc":"2.0","id":null,"method":"a"}', -32600],
    ["fractional id", '{"jsonrpc":"2.0","id":1.5,"method":"a"}', -32600],
    ["wrong version", '{"jsonrpc":"1.0","id":1,"method":"a"}', -32600],
    ["params as an array", request("[]"), -32600],
    ["method and result", '{"jsonrpc":"2.0","id":1,"method":"a","result":1}', -32600],
    ["result and error", '{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}', -32600],
    ["neither", '{"jsonrpc":"2.0","id":1}', -32600],
    ["a bare string", '"hello"', -32600],
    ["65 levels", request(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`), -32600],
    ["a million brackets", "[".repeat(500_000) + "]".repeat(500_000), -32600],
  ])("%s", (_name, text, code) => {
    expect(parse(text)).toMatchObject({ kind: "invalid", code });
  });

  test("64 levels are accepted", () => {
    expect(parse(request(`${'{"a":'.repeat(63)}1${"}".repeat(63)}`)).kind).toBe("request");
  });

  test("invalid UTF-8 and an oversized body are rejected before they are read", () => {
    expect(parse(Buffer.from(request('{"x":"\xff"}'), "latin1"))).toMatchObject({ kind: "invalid", code: -32700 });
    expect(parseMessage(Buffer.from(request("{}")), 10)).toMatchObject({ kind: "invalid", code: -32600 });
  });

  test("a rejection repeats the id where it could be read, and nothing else of the input", () => {
    const rejected = parse('{"jsonrpc":"2.0","id":7,"method":"m","params":"s3cret"}');
    expect(rejected).toMatchObject({ kind: "invalid", id: 7 });
    expect(JSON.stringify(rejected)).not.toContain("s3cret");
  });

  test("a __proto__ member is plain data and pollutes nothing", () => {
    const message = parse(request('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'));
    expect(message.kind).toBe("request");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("repeating any member of any object is found", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3, withNullPrototype: false }), fc.string(), (object, key) => {
        const inner = JSON.stringify(object).slice(1, -1);
        const name = JSON.stringify(key);
        const text = `{${name}:1,${inner === "" ? "" : `${inner},`}${name}:2}`;
        expect(parse(request(text))).toMatchObject({ kind: "invalid" });
      }),
      { numRuns: 200 },
    );
  });
});
