import { DomainError } from "#lib/contract/errors.ts";
import { execute } from "#lib/domain/execute.ts";
import { authenticate, type ReadSession } from "#lib/http/authenticate.ts";
import { problem } from "#lib/http/problem.ts";
import { newId } from "#lib/platform/id.ts";

const streamsPerPerson = 6;
const tickMs = 1_000;
const heartbeatMs = 15_000;
/** The browser connects again by itself; a bounded life lets a process end and a cookie be read again. */
const lifeMs = 10 * 60_000;

const open = new Map<string, number>();

/**
 * Server-sent events that say how far the log is for this person: `event: tick` with the newest seq they may see, at most once a
 * second and only when it changed, never an event itself. Who they are is read again before every tick, so a suspension ends it.
 */
export async function streamTicks(request: Request, readSession: ReadSession): Promise<Response> {
  const requestId = newId("rqt");
  try {
    const caller = await authenticate(request, readSession);
    if (caller.via !== "session") throw new DomainError("not_signed_in", "Streams are for the console.");
    const held = open.get(caller.id) ?? 0;
    if (held >= streamsPerPerson) throw new DomainError("too_many_requests", "Close another Activity page first.");
    open.set(caller.id, held + 1);
    const body = ticks(
      async (after) => {
        const now = await authenticate(request, readSession);
        const { items } = await execute("activity.list", { limit: 1, after }, { caller: now, requestId });
        return items[0]?.seq ?? after;
      },
      request.signal,
      () => release(caller.id),
    );
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    return problem(error, requestId);
  }
}

/** Asks for the newest seq in a loop until the reader leaves, the person may no longer, or the stream is old. */
function ticks(
  newest: (after: string | undefined) => Promise<string | undefined>,
  signal: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal, AbortSignal.timeout(lifeMs)]);
  return new ReadableStream({
    async start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      let last: string | undefined;
      let sentAt = 0;
      try {
        while (!stop.aborted) {
          const seq = await newest(last);
          if (stop.aborted) break;
          if (seq !== undefined && seq !== last) {
            send(`event: tick\ndata: ${seq}\n\n`);
            [last, sentAt] = [seq, Date.now()];
          } else if (Date.now() - sentAt >= heartbeatMs) {
            send(": still here\n\n");
            sentAt = Date.now();
          }
          await pause(tickMs, stop);
        }
      } catch (error) {
        // A person who may no longer, or a database that is away: the stream ends, the browser asks again and is told why.
        if (!(error instanceof DomainError)) return controller.error(error);
      } finally {
        onEnd();
      }
      if (!ended.signal.aborted) controller.close();
    },
    cancel() {
      ended.abort();
    },
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

function release(personId: string): void {
  const left = (open.get(personId) ?? 1) - 1;
  if (left <= 0) open.delete(personId);
  else open.set(personId, left);
}
