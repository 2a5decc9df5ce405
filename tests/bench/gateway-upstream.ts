import { createServer } from "node:http";

/** The least that an MCP server can do: fixed answers, no state. Prints its port. Part of bench:gateway. */
const tools = ["read_note", "write_note"].map((name) => ({
  name,
  description: "Takes a note.",
  inputSchema: {
    type: "object",
    properties: { id: { type: "string" }, text: { type: "string", maxLength: 1000 }, tags: { type: "array" } },
    required: ["id"],
    additionalProperties: false,
  },
}));
const answers: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "bench", version: "1" },
  },
  "tools/list": { tools },
  "tools/call": { content: [{ type: "text", text: "The note was found and is unchanged since yesterday." }] },
};

const server = createServer((request, response) => {
  if (request.method !== "POST") {
    response.writeHead(request.method === "DELETE" ? 204 : 405).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as { id?: unknown; method: string };
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const text = JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] ?? {} });
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
      .end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
