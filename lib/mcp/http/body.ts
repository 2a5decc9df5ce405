import type { Readable } from "node:stream";
import { ChannelError } from "#lib/mcp/channel.ts";
import { toChannelError } from "#lib/mcp/egress/failure.ts";
import { createSseParser, type SseEvent } from "#lib/mcp/http/sse.ts";

/** How many bytes may still be read; shared by all responses of one conversation. */
export type ByteBudget = { left: number };

type Body = AsyncIterable<Buffer>;

/** Reads a whole body. @throws ChannelError `too_large` when the budget is spent, or what the network failed with. */
export function readBody(body: Readable, budget: ByteBudget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.on("data", (chunk: Buffer) => {
      budget.left -= chunk.length;
      if (budget.left >= 0) {
        chunks.push(chunk);
        return;
      }
      reject(new ChannelError("too_large"));
      body.destroy();
    });
    body.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    body.on("error", (error) => reject(toChannelError(error)));
    body.on("close", () => body.readableEnded || reject(new ChannelError("unreachable")));
  });
}

/** The events of a body one by one. @throws ChannelError as `readBody`. Leaving the loop destroys the body. */
export async function* readEvents(body: Body, budget: ByteBudget): AsyncGenerator<SseEvent> {
  const parser = createSseParser(budget.left);
  for await (const chunk of countedChunks(body, budget)) {
    const events = parser.push(chunk);
    if (events === null) throw new ChannelError("too_large");
    yield* events;
  }
}

async function* countedChunks(body: Body, budget: ByteBudget): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await chunks.next().catch((error: unknown) => {
        throw toChannelError(error);
      });
      if (next.done) return;
      budget.left -= next.value.length;
      if (budget.left < 0) throw new ChannelError("too_large");
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}
