import { createServer } from "node:http";
import { Pool } from "undici";

/** A reverse proxy that does nothing but forward (undici, buffered). Argument: the upstream's origin. Part of bench:gateway. */
const pool = new Pool(process.argv[2] ?? "", { connections: 128, pipelining: 1 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    void forward(request.url ?? "/", Buffer.concat(chunks)).then(
      ({ statusCode, type, body }) => {
        response.writeHead(statusCode, { "content-type": type, "content-length": body.length }).end(body);
      },
      () => response.writeHead(502).end(),
    );
  });
});

async function forward(path: string, body: Buffer) {
  const answer = await pool.request({
    path,
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body,
  });
  const type = String(answer.headers["content-type"] ?? "application/json");
  return { statusCode: answer.statusCode, type, body: Buffer.from(await answer.body.arrayBuffer()) };
}

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
